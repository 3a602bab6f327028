from types import SimpleNamespace
from typing import Any

import pytest
import torch
from open_clip import CLIP
from open_clip.tokenizer import tokenize
from safetensors.torch import save_file
from torch.nn.functional import normalize

from app.errors import ZooError
from app.zoo.encoder_config import EncoderConfig
from app.zoo.heads import load_head, text_head

VISION = {"layers": 1, "width": 16, "head_width": 8, "patch_size": 4, "image_size": 8}
TEXT = {"layers": 2, "width": 16, "heads": 2, "context_length": 77}
CLASSES = ("cat", "sailing boat")
TEMPLATES = ("a photo of a {}.", "a bad drawing of the {}.")


@pytest.fixture
def heads(tmp_path):
    path = tmp_path / "heads.safetensors"
    tensors = {
        "digits": torch.arange(6.0).view(2, 3),
        "half": torch.ones(2, 3, dtype=torch.float16),
        "counts": torch.ones(2, 3, dtype=torch.int64),
        "broken": torch.tensor([[1.0, 2.0, torch.nan]]),
    }
    save_file(tensors, path)
    return path


def config(*, text_cfg=TEXT, quick_gelu=False):
    return EncoderConfig("config.json", 6, VISION, text_cfg, quick_gelu, {})


def clip(*, quick_gelu=False):
    torch.manual_seed(0)
    model = CLIP(6, VISION, TEXT, quick_gelu=quick_gelu).eval()
    torch.nn.init.normal_(model.text_projection)
    torch.nn.init.normal_(model.positional_embedding)
    return model


def head_of(reference, *, n_classes=2, embed_dim=3, logit_scale=100.0, is_clip=True, normalises=None):
    encoder: Any = SimpleNamespace(embed_dim=embed_dim, logit_scale=logit_scale, normalises=is_clip)
    return load_head(
        str(reference), task="digits", n_classes=n_classes, encoder=encoder, normalises=normalises
    )


def loaded(reference, **changes):
    return head_of(reference, **changes).rows


def test_a_head_is_used_as_it_is(heads):
    head = loaded(f"{heads}#digits")

    assert head.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def test_a_half_precision_head_becomes_float32(heads):
    assert loaded(f"{heads}#half", n_classes=None).dtype == torch.float32


@pytest.mark.parametrize(
    ("key", "n_classes", "embed_dim", "message"),
    [
        ("letters", 2, 3, r"no tensor 'letters'; it holds broken, counts, digits, half"),
        ("digits", 10, 3, r"Head 'digits' has 2 rows, but 'digits' names 10 classes"),
        ("digits", 2, 64, r"Head 'digits' of 'digits' is torch.float32 of shape \(2, 3\); .*\(classes, 64\)"),
        ("counts", 2, 3, r"Head 'counts' of 'digits' is torch.int64"),
        ("broken", 1, 3, r"Head 'broken' of 'digits' holds NaN"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(heads, key, n_classes, embed_dim, message):
    with pytest.raises(ZooError, match=message):
        loaded(f"{heads}#{key}", n_classes=n_classes, embed_dim=embed_dim)


def test_a_truncated_file_is_refused(heads):
    heads.write_bytes(heads.read_bytes()[:40])

    with pytest.raises(ZooError, match=r"The head of 'digits' cannot be read: 'heads\.safetensors' ends"):
        loaded(f"{heads}#digits")


@pytest.mark.parametrize("old", [False, True])
def test_a_pickled_layer_is_a_head_by_its_weight(tmp_path, old):
    layer = torch.nn.Linear(3, 2)
    torch.nn.init.zeros_(layer.bias)
    torch.save(layer, tmp_path / "head.pt", _use_new_zipfile_serialization=not old)

    for reference in ("head.pt", "head.pt#weight"):
        assert torch.equal(loaded(tmp_path / reference), layer.weight)


def test_a_bias_is_not_left_out_in_silence(tmp_path):
    torch.save(torch.nn.Linear(3, 2), tmp_path / "head.pt")

    with pytest.raises(ZooError, match="Head 'weight' of 'digits' has a bias beside it that is not zero"):
        loaded(tmp_path / "head.pt")


@pytest.mark.parametrize(("is_clip", "normalises"), [(True, False), (True, True), (False, None)])
def test_a_linear_layer_keeps_its_bias_and_has_no_scale(tmp_path, is_clip, normalises):
    layer = torch.nn.Linear(3, 2)
    torch.save(layer, tmp_path / "head.pt")
    features = torch.tensor([[3.0, 0.0, 4.0], [0.1, 0.2, 0.3]])

    head = head_of(tmp_path / "head.pt", is_clip=is_clip, normalises=normalises)

    seen = normalize(features, dim=-1) if normalises else features
    assert torch.allclose(head.logits(head.products(features)), layer(seen), atol=1e-6)
    assert head.digest != head_of(tmp_path / "head.pt", normalises=not normalises).digest


def test_a_head_may_lie_in_a_part_of_its_file(tmp_path):
    raw, averaged = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    states = {"state_dict": raw, "ema.model": averaged}
    kept = {"state_dict": raw.state_dict(), "ema": {"model": {"fc.weight": averaged.weight}}, "epoch": 3}
    kept["state_dict"] = {"fc.weight": raw.weight}
    torch.save(kept, tmp_path / "last.pth")

    for part, layer in states.items():
        assert torch.equal(loaded(f"{tmp_path}/last.pth#{part}.fc.weight"), layer.weight)
    assert torch.equal(loaded(f"{tmp_path}/last.pth#fc.weight"), raw.weight)
    with pytest.raises(ZooError, match=r"has no tensor 'ema\.other'"):
        loaded(f"{tmp_path}/last.pth#ema.other")


def test_a_bias_that_is_not_finite_is_refused(tmp_path):
    save_file(
        {"weight": torch.ones(2, 3), "bias": torch.tensor([0.0, torch.nan])}, tmp_path / "a.safetensors"
    )

    with pytest.raises(ZooError, match=r"The bias of head 'weight' of 'digits' holds NaN"):
        head_of(tmp_path / "a.safetensors", normalises=False)


def test_the_only_matrix_that_fits_needs_no_name(tmp_path):
    tensors = {"a": torch.ones(2, 3), "wide": torch.ones(2, 4), "flat": torch.ones(3)}
    save_file(tensors, tmp_path / "one.safetensors")

    assert loaded(tmp_path / "one.safetensors").tolist() == [[1, 1, 1], [1, 1, 1]]


def test_one_of_several_must_be_named(heads, tmp_path):
    save_file({"wide": torch.ones(2, 4)}, tmp_path / "none.safetensors")

    with pytest.raises(ZooError, match=r"without '#' and a tensor's name; it holds 3: .*, .*"):
        loaded(heads)
    with pytest.raises(ZooError, match="it holds 0: none"):
        loaded(tmp_path / "none.safetensors")


def test_a_tensor_is_found_by_the_name_that_its_file_gives_it(tmp_path):
    save_file({"model.visual.proj": torch.ones(2, 3)}, tmp_path / "head.safetensors")

    assert loaded(tmp_path / "head.safetensors#model.visual.proj").shape == (2, 3)


@pytest.mark.parametrize(
    ("length", "scale", "expected"), [(100, 100.0, 1), (100, 50.0, 100), (1, 1.0, 1), (1, 100.0, 1)]
)
def test_a_scale_that_is_in_the_head_is_not_applied_twice(tmp_path, length, scale, expected):
    rows = normalize(torch.tensor([[1.0, 2.0, 3.0], [3.0, -1.0, 0.0]]), dim=-1)
    save_file({"a": length * rows}, tmp_path / "head.safetensors")

    head = loaded(tmp_path / "head.safetensors", logit_scale=scale)

    assert torch.allclose(head, expected * rows)


def test_an_object_is_no_head(tmp_path):
    torch.save({"classes": 3}, tmp_path / "head.pt")

    with pytest.raises(ZooError, match=r"The head of 'digits' cannot be read: 'head\.pt' holds no tensors"):
        loaded(tmp_path / "head.pt")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(
        ZooError, match=r"The head of 'digits': '.*none\.safetensors' cannot be read: No such"
    ):
        loaded(f"{tmp_path}/none.safetensors#a")


@pytest.mark.parametrize("quick_gelu", [False, True])
def test_a_text_head_is_the_renormalised_mean_over_templates(quick_gelu):
    model = clip(quick_gelu=quick_gelu)

    head = text_head(config(quick_gelu=quick_gelu), model.state_dict(), classes=CLASSES, templates=TEMPLATES)

    with torch.no_grad():
        cat = model.encode_text(tokenize(["a photo of a cat.", "a bad drawing of the cat."]), normalize=True)
    torch.testing.assert_close(head[0], normalize(cat.mean(dim=0), dim=0))
    assert head.shape == (2, 6)
    assert not torch.allclose(head[0], head[1], atol=1e-3)


def test_a_text_tower_under_its_own_prefix_and_in_half_precision_is_found():
    named = {
        f"text.{name}": weight.half()
        for name, weight in clip().state_dict().items()
        if not name.startswith("visual.")
    }

    head = text_head(config(), named, classes=CLASSES, templates=TEMPLATES)

    whole = text_head(config(), clip().state_dict(), classes=CLASSES, templates=TEMPLATES)
    torch.testing.assert_close(head, whole, atol=5e-3, rtol=0)


def test_templates_without_a_text_tower_in_the_base_are_refused():
    weights = {name: weight for name, weight in clip().state_dict().items() if name.startswith("visual.")}

    with pytest.raises(ZooError, match=r"has no 'positional_embedding', which templates need"):
        text_head(config(), weights, classes=CLASSES, templates=TEMPLATES)


def test_a_text_weight_of_another_shape_is_refused():
    weights = clip().state_dict() | {"ln_final.bias": torch.zeros(3)}

    with pytest.raises(ZooError, match=r"'ln_final\.bias' has shape \(3,\) in the base, expected \(16,\)"):
        text_head(config(), weights, classes=CLASSES, templates=TEMPLATES)


@pytest.mark.parametrize(
    ("text_cfg", "message"),
    [
        (None, r"'config\.json' has no text_cfg, which templates need"),
        ({"hf_model_name": "roberta-base"}, "needs Hugging Face's hub"),
        ({"hf_tokenizer_name": "timm/ViT-B-16-SigLIP"}, "needs Hugging Face's hub"),
        (TEXT | {"depth": 3}, "cannot build the text tower of 'config.json': .*depth"),
    ],
)
def test_a_text_tower_that_cannot_be_built_offline_is_refused(text_cfg, message):
    with pytest.raises(ZooError, match=message):
        text_head(config(text_cfg=text_cfg), {}, classes=CLASSES, templates=TEMPLATES)


def test_a_template_without_a_place_for_the_class_is_refused():
    with pytest.raises(ZooError, match=r"Template 'a photo' has no \{\}"):
        text_head(config(), {}, classes=CLASSES, templates=["a photo"])


def test_a_template_is_text_and_not_a_format():
    head = text_head(config(), clip().state_dict(), classes=["cat"], templates=["{} {0.__class__} {unknown}"])

    assert head.shape == (1, 6)
