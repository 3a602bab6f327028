"""Safetensors that lie: about their length, their header, their tensors, and the values in them."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.hostile.inputs import BAD, Change, Input, written

FILE = f"{BAD}.safetensors"
_WEIGHT = "visual.proj"


def raw(header: Any, data: bytes = bytes(64), *, length: int | None = None) -> Change:
    """A file of this header, JSON or bytes, and what follows it."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode("utf-8", "surrogatepass")
    n = len(text) if length is None else length
    return written(FILE, (n % 2**64).to_bytes(8, "little") + text + data)


def cut(share: float) -> Change:
    """The file's beginning only."""

    def change(zoo: Path) -> None:
        content = (zoo / FILE).read_bytes()
        (zoo / FILE).write_bytes(content[: int(share * len(content))])

    return change


def weights(edit: Callable[[dict[str, Tensor]], object], file: str = FILE) -> Change:
    """A sound file of other tensors."""

    def change(zoo: Path) -> None:
        tensors = load_file(zoo / file)
        edit(tensors)
        save_file(tensors, zoo / file)

    return change


def _entry(**fields: Any) -> dict[str, Any]:
    return {"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16], **fields}}


def _fill(value: float, name: str, tensors: dict[str, Tensor]) -> None:
    tensors[name].view(-1)[0] = value


_SAID = f"'{FILE}'"
_refused = partial(Input, says=_SAID)

TRUNCATED = [_refused(f"cut to {share:.0%}", cut(share / 40)) for share in range(40)]
LENGTHS = [
    _refused(f"header of {n} bytes", raw(_entry(), bytes(16), length=n))
    for n in (0, 1, 7, 8, 60, 200, 2**16, 2**31, 2**32, 99_999_999, 2**53, 2**62, 2**63, 2**64 - 1)
]
JSON = [
    _refused(f"header {text[:24]!r}", raw(text))
    for text in (
        *(
            b"",
            b"{",
            b"}",
            b"{}",
            b"[]",
            b"null",
            b"true",
            b"0",
            b'""',
            b"{]",
            b'{"a"}',
            b'{"a":}',
            b'{"a":1,}',
        ),
        *(b"NaN", b"\x00" * 40, b"\xff\xfe{}", b"\xef\xbb\xbf{}", b'{"a":{}}', b'{"a":[]}', b'{"a":null}'),
        *(b'{"a":1}', b'{"a":"b"}', b"{" * 5_000, b"[" * 100_000, b'{"a":' * 50_000, b'{"":{}}'),
        *(b'{"a":{"dtype":"F32"}}', b"{'a': 1}", b'{"a":NaN}', b'{"a":1e999}', b'{"a":' + b"9" * 5000 + b"}"),
        *(
            b'{"__metadata__":[]}',
            b'{"__metadata__":{"a":1}}',
            b'{"__metadata__":"x"}',
            b'{"__metadata__":{}}',
        ),
        b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"a":{"dtype":"F32","shape":[4],"data_offsets":'
        b"[0,16]}}",
    )
]
FIELDS = [
    _refused(f"{field} {value!r}"[:60], raw(_entry(**{field: value}), bytes(16)))
    for field, values in {
        "dtype": (None, 1, "", "f32", "F33", "BF16x", "F4", ["F32"], {}, "Q4_K", "F32\x00", "C64", "F" * 500),
        "shape": (
            *(None, 4, "4", [5], [4, 0], [-4], [-2, -2], [4.0], ["4"], [[4]], [True, 4], {"0": 4}, [2**63]),
            *([2**62, 4], [2**32, 2**32], [1] * 1000, [4, 2**70], [None], [], [2, 3]),
        ),
        "data_offsets": (
            *(None, 16, [0], [0, 16, 16], [16, 0], [-16, 0], [0, 15], [0, 17], [8, 24], [0.0, 16.0], "0,16"),
            *([0, 2**63], [2**63, 2**63 + 16], [0, 2**64], [True, 16], [[0], [16]], [48, 64], [0, None]),
        ),
    }.items()
    for value in values
]
MORE_FIELDS = [
    _refused("another field", raw(_entry(colour="red"), bytes(16))),
    _refused("no shape", raw({"a": {"dtype": "F32", "data_offsets": [0, 16]}}, bytes(16))),
    _refused("a gap", raw({**_entry(), "b": {**_entry()["a"], "data_offsets": [32, 48]}}, bytes(48))),
    _refused("an overlap", raw({**_entry(), "b": {**_entry()["a"], "data_offsets": [8, 24]}}, bytes(24))),
    _refused("bytes of nobody", raw(_entry(), bytes(17))),
    _refused("no bytes", raw(_entry(), b"")),
    _refused("a million tensors", raw(b'{"data_offsets" ' * 1_000_000)),
]
VALUES = (
    [
        Input(
            f"{value} in {name} of {file}",
            weights(partial(_fill, value, name), file),
            says=f"{who}: '{name}' holds NaN or infinite",
        )
        for value in (float("nan"), float("inf"), float("-inf"))
        for file, who in ((FILE, f"Task '{BAD}'"), ("base.safetensors", "The base"))
        for name in (_WEIGHT, "logit_scale", "visual.conv1.weight")
    ]
    + [
        Input(
            f"{value} in a head",
            weights(partial(_fill, value, BAD), "heads.safetensors"),
            f"'{BAD}'",
            "costs its task",
        )
        for value in (float("nan"), float("inf"), 1e35)
    ]
    + [
        Input(f"weight of {value}", weights(partial(_fill, value, _WEIGHT)), outcome="accepted")
        for value in (1e-45, 1e-30, -0.0, 1e18)
    ]
)
SHAPES = [
    Input(
        f"shape {shape}",
        weights(lambda tensors, shape=shape: tensors.update({_WEIGHT: torch.zeros(shape)})),
        "'visual.proj' has shape",
    )
    for shape in ((), (0,), (1,), (128,), (8, 16), (16, 8, 1), (1, 16, 8), (16, 9), (17, 8), (2,) * 20)
]
_NAMES = {
    "newline": "a\nb",
    "escape": "\x1b]0;owned\x07",
    "bell": "\x07",
    "NUL": "a\x00b",
    "tab": "a\tb",
    "CR": "a\rb",
    "blank": " ",
    "dots": "...",
    "dot": ".",
    "up": "../../etc/passwd",
    "slash": "/etc/passwd",
    "HTML": "<script>alert(1)</script>",
    "link": "[x](https://example.org)",
    "LaTeX": "$x^2$",
    "colour": ":red[a]",
    "right to left": "\u202eabc",
    "joiner": "\u200d",
    "emoji": "\N{COLLISION SYMBOL}",
    "combining": "e\u0301" * 50,
    "long": "w" * 5_000,
    "many parts": "a." * 2_000,
    "quotes": "'\"`",
    "format": "{0.__class__} %s",
    "percent": "%n%s",
    "backslash": "\\N{DIGIT ONE}",
    "C1": "\x9b31m",
    "line separator": "a\u2028b",
    "private use": "\ue000",
    "not a character": "\uffff",
    "BOM": "\ufeffa",
    "digits": "1" * 300,
    "dunder": "__class__",
}
NAMES = (
    [
        Input(
            f"tensor name: {kind}",
            weights(lambda tensors, name=name: tensors.update({name: torch.zeros(2)})),
            "that the base lacks",
            "accepted",
        )
        for kind, name in _NAMES.items()
    ]
    + [
        _refused(f"tensor name: {name!a}", raw({name: _entry()["a"]}, bytes(16)))
        for name in ("\ud800", "\udfff", "a\udc80b")
    ]
    + [_refused("tensor name: empty", raw({"": _entry()["a"]}, bytes(16)), says="")]
)
ARCHITECTURE = [
    Input(
        "names of another model",
        weights(lambda tensors: [tensors.update({f"{name}x": tensors.pop(name)}) for name in [*tensors]]),
        f"Task '{BAD}' names other parameters",
    ),
    Input(
        "one small tensor",
        weights(lambda tensors: [tensors.pop(name) for name in [*tensors][1:]]),
        "count as unchanged",
        "accepted",
    ),
    Input(
        "integers for weights",
        weights(
            lambda tensors: tensors.update({name: value.to(torch.int8) for name, value in tensors.items()})
        ),
        BAD,
    ),
    Input(
        "a weight that is an integer",
        weights(lambda tensors: tensors.update({_WEIGHT: torch.zeros(16, 8, dtype=torch.int64)})),
        "count as unchanged",
        "accepted",
    ),
    Input(
        "booleans for a base",
        weights(
            lambda tensors: tensors.update({name: value > 0 for name, value in tensors.items()}),
            "base.safetensors",
        ),
        "holds no float weights",
    ),
    Input(
        "the base under every task",
        lambda zoo: (zoo / FILE).write_bytes((zoo / "base.safetensors").read_bytes()),
        "",
        "accepted",
    ),
    Input(
        "two tasks of one file",
        lambda zoo: (zoo / FILE).write_bytes((zoo / "shallow.safetensors").read_bytes()),
        "",
        "accepted",
    ),
    Input(
        "a head of another task",
        weights(lambda tensors: tensors.update({"fc.weight": torch.zeros(3, 4)})),
        "fc.weight",
        "accepted",
    ),
    _refused(
        "an adapter",
        weights(
            lambda tensors: (
                tensors.clear(),
                tensors.update({"a.lora_A.weight": torch.zeros(2, 2), "a.lora_B.weight": torch.zeros(2, 2)}),
            )
        ),
    ),
    _refused(
        "quantised codes",
        weights(
            lambda tensors: (
                tensors.clear(),
                tensors.update(
                    {"a.qweight": torch.zeros(2, 2, dtype=torch.int32), "a.scales": torch.zeros(2)}
                ),
            )
        ),
    ),
]
INPUTS = (*TRUNCATED, *LENGTHS, *JSON, *FIELDS, *MORE_FIELDS, *VALUES, *SHAPES, *NAMES, *ARCHITECTURE)
