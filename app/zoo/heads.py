"""Heads of tasks: from a file, or from the text tower and prompt templates."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import torch
from open_clip.model import _build_text_tower
from open_clip.tokenizer import SimpleTokenizer
from open_clip.transformer import TextTransformer
from torch import Tensor, nn
from torch.nn.functional import normalize

from analysis.listing import few
from app.errors import ZooError
from app.zoo.encoder import ImageEncoder
from app.zoo.encoder_config import EncoderConfig
from app.zoo.head import Head
from app.zoo.head_reference import head_parts
from app.zoo.open_clip_errors import in_one_sentence
from cache.checkpoints import Checkpoint, Entry, open_checkpoint
from cache.errors import CheckpointError, FileError

_LONGEST = 1e30
"""Length of an embedding whose product with any feature and logit_scale is far from float32's end."""
_SCALES, _SAME = 2.0, 0.01
"""Smallest scale that is told from none, and how far lengths that hold it may be from it, relative."""


def load_head(
    reference: str, *, task: str, n_classes: int | None, encoder: ImageEncoder, normalises: bool | None = None
) -> Head:
    """Read a task's head: class embeddings, or a linear layer.

    Class embeddings are used as they are, unless every row is as long as the scale of the logits: then the
    scale is in them already, as in the heads of the task-vector papers, and is divided out.

    Args:
        reference: ``file#key`` of a checkpoint in any format, or ``file`` if one matrix in it fits.
        task: For messages.
        n_classes: C as the task names them; None where it names none.
        encoder: Gives the width d, the scale of cosines, and which kind of head is meant.
        normalises: Whether it is a linear layer on features of length 1 (True) or as they are (False); None
            for class embeddings, or for a layer on features as they are where the encoder is a classifier.

    Raises:
        ZooError: No such file or key, or the tensor is not finite floats of shape (C, d).
    """
    embed_dim, logit_scale = encoder.embed_dim, encoder.logit_scale
    is_linear = normalises is not None or not encoder.normalises
    file, key = head_parts(reference)
    try:
        checkpoint, key = _opened(file, key)
        key, name = _named(checkpoint, key, embed_dim)
        _require_matrix(checkpoint.entries[name], key, task, embed_dim)
        head, bias = checkpoint.read(name), _bias(checkpoint, name)
    except CheckpointError as error:
        raise ZooError(f"The head of '{task}' cannot be read: {error}") from error
    except FileError as error:
        raise ZooError(f"The head of '{task}': {error}") from error
    if n_classes is not None and len(head) != n_classes:
        raise ZooError(f"Head '{key}' has {len(head)} rows, but '{task}' names {n_classes} classes.")
    if is_linear:
        _require_finite(bias, f"The bias of head '{key}'", task)
    elif bias is not None and bool((bias != 0).any()):
        raise ZooError(
            f"Head '{key}' of '{task}' has a bias beside it that is not zero; heads of cosines have none. "
            "For a linear layer state normalise = true (on features of length 1) or false (as they are)."
        )
    if not bool(head.isfinite().all()):
        raise ZooError(f"Head '{key}' of '{task}' holds NaN or infinite values; it must be finite.")
    lengths = head.double().norm(dim=1)
    longest = float(lengths.max()) if len(head) else 0.0
    if longest > _LONGEST:
        raise ZooError(
            f"Head '{key}' of '{task}' has an embedding of length {longest:.3g}; at most {_LONGEST:g} is "
            "used, so that logits stay finite. Normalise its rows."
        )
    if is_linear:
        return Head(head.float(), None if bias is None else bias.float(), bool(normalises), scale=1.0)
    is_scaled = logit_scale >= _SCALES and bool(((lengths / logit_scale - 1).abs() < _SAME).all())
    rows = head.float() / logit_scale if is_scaled and len(head) else head.float()
    return Head(rows, None, normalises=True, scale=logit_scale)


def _require_finite(bias: Tensor | None, what: str, task: str) -> None:
    if bias is not None and not bool(bias.isfinite().all()):
        raise ZooError(f"{what} of '{task}' holds NaN or infinite values; it must be finite.")


def _opened(file: Path, key: str) -> tuple[Checkpoint, str]:
    """The file and the key, or a part of it and the rest: "ema.fc.weight" is fc.weight of the part "ema"."""
    checkpoint = open_checkpoint(file)
    sources = {source for entry in checkpoint.entries.values() for source in (*entry.sources, *entry.aliases)}
    if not key or key in sources or key in checkpoint.entries:
        return checkpoint, key
    parts = key.split(".")
    for n in range(1, len(parts)):
        with suppress(CheckpointError):
            part, rest = open_checkpoint(file, ".".join(parts[:n])), ".".join(parts[n:])
            if any(rest in entry.sources for entry in part.entries.values()):
                return part, rest
    return checkpoint, key


def _named(checkpoint: Checkpoint, key: str, embed_dim: int) -> tuple[str, str]:
    """The head as its file calls it, and its canonical name there."""
    entries = checkpoint.entries
    if key:
        for name, entry in entries.items():
            if key in (*entry.sources, *entry.aliases, name):
                return key, name
        held = few(sorted(entry.sources[0] for entry in entries.values()))
        raise ZooError(f"'{checkpoint.path.name}' has no tensor '{key}'; it holds {held}.")
    fitting = [
        (entry.sources[0], name)
        for name, entry in entries.items()
        if entry.dtype.is_floating_point and len(entry.shape) == 2 and entry.shape[1] == embed_dim
    ]
    if len(fitting) != 1:
        found = few((source for source, _ in fitting), 3) if fitting else "none"
        raise ZooError(
            f"'{checkpoint.path.name}' must hold one tensor of shape (classes, {embed_dim}) to be named as a "
            f"head without '#' and a tensor's name; it holds {len(fitting)}: {found}."
        )
    return fitting[0]


def _require_matrix(entry: Entry, key: str, task: str, embed_dim: int) -> None:
    if not entry.dtype.is_floating_point or len(entry.shape) != 2 or entry.shape[1] != embed_dim:
        raise ZooError(
            f"Head '{key}' of '{task}' is {entry.dtype} of shape {entry.shape}; it must be floats of shape "
            f"(classes, {embed_dim}), as wide as the encoder's features."
        )


def _bias(checkpoint: Checkpoint, name: str) -> Tensor | None:
    """The bias of the layer whose weight a head is."""
    layer, _, last = name.rpartition(".")
    beside = f"{layer}.bias" if layer else "bias"
    return checkpoint.read(beside) if last == "weight" and beside in checkpoint.entries else None


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
