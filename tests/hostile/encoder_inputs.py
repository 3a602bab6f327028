"""Encoder configs that build nothing, too much, or something else: each costs the evaluation, no weights."""

import json
from typing import Any

from tests.hostile.inputs import Input, written
from tests.zoo_on_disk import CONFIG

FILE = "config.json"


def config(**vision: Any) -> str:
    """The sound config with other numbers of its vision tower."""
    return json.dumps({**CONFIG, "vision_cfg": {**CONFIG["vision_cfg"], **vision}})


def _cost(what: str, content: bytes | str) -> Input:
    """Weights can be looked at all the same."""
    return Input(what, written(FILE, content), "evaluated: ", "accepted")


_UNREADABLE = {
    "nothing": b"",
    "zeros": bytes(100),
    "half": b'{"embed_dim":',
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "an empty mapping": b"{}",
    "not UTF-8": b'{"a": "\xff"}',
    "100,000 brackets": b"[" * 100_000,
    "100,000 braces": b'{"a":' * 100_000,
    "a key twice": b'{"embed_dim": 8, "embed_dim": 8}',
    "two megabytes": b'{"a": "' + b"x" * 2_000_000 + b'"}',
    "NaN": b'{"embed_dim": NaN}',
    "a huge number": b'{"embed_dim": ' + b"9" * 5_000 + b"}",
}
_NUMBERS: dict[str, tuple[Any, ...]] = {
    "image_size": (0, -16, 1_000_000, 1.5, "16", None, [16], [16, 16, 16], [0, 16], True, 2**40),
    "patch_size": (0, -4, 32, 1_000, 1.5, "4", None, [4, 4, 4], 7),
    "layers": (0, -1, 1_000_000, 10**12, 1.5, "2", None, [1, 2], [1, 2, 3, 4], True),
    "width": (0, -16, 3, 10**9, 1.5, "16", None, [16]),
    "head_width": (0, -8, 10**9, 5, "8", None),
    "mlp_ratio": (0, -1, 1e9, "4", None),
    "timm_model_name": (
        "no_such_model",
        "../x",
        "https://example.org",
        1,
        "vit_base_patch16_224",
        "x" * 5_000,
    ),
    "hf_model_name": ("roberta-base",),
    "colour": ("red",),
}
NUMBERS = [
    _cost(f"{key} {value!a}"[:60], config(**{key: value}))
    for key, values in _NUMBERS.items()
    for value in values
]
OUTSIDE = [
    _cost(what, json.dumps({**CONFIG, **changed}))
    for what, changed in {
        "embed_dim 0": {"embed_dim": 0},
        "embed_dim -8": {"embed_dim": -8},
        "embed_dim a billion": {"embed_dim": 10**9},
        "embed_dim text": {"embed_dim": "8"},
        "vision a list": {"vision_cfg": []},
        "vision null": {"vision_cfg": None},
        "vision text": {"vision_cfg": "ViT"},
        "text a list": {"text_cfg": []},
        "quick_gelu text": {"quick_gelu": "yes"},
    }.items()
]
UNREADABLE = [_cost(what, content) for what, content in _UNREADABLE.items()]
INPUTS = (*UNREADABLE, *NUMBERS, *OUTSIDE)
