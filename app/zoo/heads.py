"""Zero-shot heads: class embeddings from a file, or from the text tower and prompt templates."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from open_clip.model import _build_text_tower
from open_clip.tokenizer import SimpleTokenizer
from open_clip.transformer import TextTransformer
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.nn.functional import normalize

from analysis.listing import few
from app.errors import ZooError
from app.zoo.encoder_config import EncoderConfig
from app.zoo.open_clip_errors import in_one_sentence
from cache.errors import FileError
from cache.regular_files import require_regular

_LONGEST = 1e30
"""Length of an embedding whose product with any feature and logit_scale is far from float32's end."""


def load_head(reference: str, *, task: str, n_classes: int | None, embed_dim: int) -> Tensor:
    """Read a task's class embeddings, used as they are: (C, d), float32.

    Args:
        reference: ``file#key`` of a safetensors file.
        task: For messages.
        n_classes: C as the task names them; None where it names none.
        embed_dim: d, the encoder's width.

    Raises:
        ZooError: No such file or key, or the tensor is not finite floats of shape (C, d).
    """
    file, _, key = reference.rpartition("#")
    path = Path(file)
    try:
        require_regular(path)
        with safe_open(path, framework="pt") as tensors:
            if key not in tensors.keys():  # noqa: SIM118
                raise ZooError(f"'{path.name}' has no tensor '{key}'; it holds {few(tensors.keys())}.")
            head: Tensor = tensors.get_tensor(key)
    except FileError as error:
        raise ZooError(f"The head of '{task}': {error}") from error
    except (OSError, SafetensorError) as error:
        raise ZooError(f"The head of '{task}', '{path.name}', cannot be read: {error}.") from error
    if not head.is_floating_point() or head.ndim != 2 or head.shape[1] != embed_dim:
        raise ZooError(
            f"Head '{key}' of '{task}' is {head.dtype} of shape {tuple(head.shape)}; it must be floats of "
            f"shape (classes, {embed_dim}), as wide as the encoder's features."
        )
    if n_classes is not None and len(head) != n_classes:
        raise ZooError(f"Head '{key}' has {len(head)} rows, but '{task}' names {n_classes} classes.")
    if not bool(head.isfinite().all()):
        raise ZooError(f"Head '{key}' of '{task}' holds NaN or infinite values; it must be finite.")
    longest = float(head.double().norm(dim=1).max()) if len(head) else 0.0
    if longest > _LONGEST:
        raise ZooError(
            f"Head '{key}' of '{task}' has an embedding of length {longest:.3g}; at most {_LONGEST:g} is "
            "used, so that logits stay finite. Normalise its rows."
        )
    return head.float()


def text_head(
    config: EncoderConfig, weights: Mapping[str, Tensor], *, classes: Sequence[str], templates: Sequence[str]
) -> Tensor:
    """Embed the class names with the pre-trained text tower: (C, d), float32, rows of length 1.

        head_c = normalise(mean over templates of normalise(text tower(template with class c)))

    Args:
        config: The encoder's config, with a `text_cfg`.
        weights: The base checkpoint, by canonical open_clip name.
        classes: C names, put where a template has ``{}``.
        templates: One or more, such as "a photo of a {}."

    Raises:
        ZooError: The config has no text tower that can be built offline, the checkpoint lacks one of its
            weights, or a template has no ``{}``.
    """
    for template in templates:
        if "{}" not in template:
            raise ZooError(f"Template {template!r} has no {{}}, where the class name goes.")
    tower = _text_tower(config, weights)
    tokenize = SimpleTokenizer(context_length=tower.context_length)
    with torch.no_grad():
        prompts = (tokenize([text.replace("{}", name) for text in templates]) for name in classes)
        means = [normalize(tower(tokens), dim=-1).mean(dim=0) for tokens in prompts]  # C of (d,)
        head = normalize(torch.stack(means), dim=-1)
    if not bool(head.isfinite().all()):
        raise ZooError(
            f"The text tower of '{config.name}' gives embeddings that are not finite with the base's "
            "weights; check the checkpoint or give a head instead."
        )
    return head


def _text_tower(config: EncoderConfig, weights: Mapping[str, Tensor]) -> nn.Module:
    if config.text_cfg is None:
        raise ZooError(f"'{config.name}' has no text_cfg, which templates need; give a head instead.")
    if config.text_cfg.get("hf_model_name") or config.text_cfg.get("hf_tokenizer_name"):
        raise ZooError(f"The text tower of '{config.name}' needs Hugging Face's hub; give a head instead.")
    with (
        in_one_sentence(f"open_clip cannot build the text tower of '{config.name}'"),
        torch.device("meta"),
    ):
        tower: nn.Module = _build_text_tower(
            config.embed_dim, {**config.text_cfg, "output_tokens": False}, config.quick_gelu
        )
    prefix = "text." if "text.token_embedding.weight" in weights else ""
    tower.load_state_dict(
        {name: _weight(weights, prefix + name, shape.shape) for name, shape in tower.state_dict().items()},
        assign=True,
    )
    if isinstance(tower, TextTransformer) and tower.attn_mask is not None:
        tower.attn_mask = tower.build_causal_mask()  # computed at construction, which the meta device skips
    return tower.eval()


def _weight(weights: Mapping[str, Tensor], name: str, shape: torch.Size) -> Tensor:
    if name not in weights:
        raise ZooError(
            f"The base checkpoint has no '{name}', which templates need; "
            "use a checkpoint with its text tower or give a head instead."
        )
    weight = weights[name]
    if weight.shape != shape:
        raise ZooError(f"'{name}' has shape {tuple(weight.shape)} in the base, expected {tuple(shape)}.")
    return weight.float()
