"""Pickles that would run code, claim memory, never end, or hold anything but weights."""

import collections
import io
import pickle
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from tests.hostile.inputs import BAD, Change, Input, replaced

FILE = f"{BAD}.pt"
_MARK = "ran"
"""A file that code in a pickle would leave in the zoo's folder."""


def named(change: Change) -> Change:
    """The change after which the task's checkpoint is the pickle."""

    def both(zoo: Path) -> None:
        replaced("zoo.toml", f"'{BAD}.safetensors'", f"'{FILE}'")(zoo)
        change(zoo)

    return both


def archive(pickled: bytes | Callable[[Path], bytes], *, records: dict[str, bytes] | None = None) -> Change:
    """A zip archive as `torch.save` writes it, around any pickle."""

    def change(zoo: Path) -> None:
        data = pickled if isinstance(pickled, bytes) else pickled(zoo)
        with zipfile.ZipFile(zoo / FILE, "w", zipfile.ZIP_STORED) as file:
            file.writestr("archive/data.pkl", data)
            file.writestr("archive/version", b"3\n")
            for name, content in (records or {}).items():
                file.writestr(f"archive/{name}", content)

    return named(change)


def saved(value: Callable[[dict[str, torch.Tensor]], Any], **options: Any) -> Change:
    """What `torch.save` writes of an object made from the task's weights."""

    def change(zoo: Path) -> None:
        torch.save(value(load_file(zoo / f"{BAD}.safetensors")), zoo / FILE, **options)

    return named(change)


def bare(pickled: bytes) -> Change:
    """A pickle without an archive around it."""
    return named(lambda zoo: (zoo / FILE).write_bytes(pickled))


class _Calls:
    def __init__(self, function: Any, *args: Any) -> None:
        self.function, self.args = function, args

    def __reduce__(self) -> Any:
        return self.function, self.args


def _code(zoo: Path, protocol: int, *, deep: bool = False) -> bytes:
    call = _Calls(exec, f"open({str(zoo / _MARK)!r}, 'w').close()")
    return pickle.dumps({"state_dict": {"a": [call]}} if deep else call, protocol)


def _protocol_0(module: str, name: str, argument: str) -> bytes:
    return f"c{module}\n{name}\n(V{argument}\ntR.".encode()


_SAID = f"'{FILE}'"
_refused = partial(Input, says=_SAID)
_FUNCTIONS = {
    "os": ("system", "popen", "execv", "remove", "putenv", "fork"),
    "posix": ("system",),
    "builtins": (
        "eval",
        "exec",
        "compile",
        "open",
        "__import__",
        "getattr",
        "breakpoint",
        "input",
        "memoryview",
    ),
    "__builtin__": ("eval", "apply"),
    "subprocess": ("Popen", "run", "check_output"),
    "runpy": ("run_path", "run_module"),
    "importlib": ("import_module",),
    "shutil": ("rmtree", "copyfile"),
    "pickle": ("loads",),
    "torch": ("load", "hub.load"),
    "torch.jit": ("load",),
    "torch.serialization": ("load",),
    "numpy": ("load", "fromfile"),
    "ctypes": ("CDLL",),
    "socket": ("create_connection",),
    "urllib.request": ("urlopen",),
    "webbrowser": ("open",),
    "pty": ("spawn",),
    "code": ("interact",),
    "pip": ("main",),
    "antigravity": ("geohash",),
    "this": ("s",),
    "no_such_module": ("thing",),
    "operator": ("attrgetter", "methodcaller"),
    "functools": ("partial", "reduce"),
    "types": ("FunctionType", "CodeType"),
    "app.cli.launch": ("launch",),
}
CODE = [
    _refused(f"a call of {module}.{name}", archive(_protocol_0(module, name, "touch ran")))
    for module, names in _FUNCTIONS.items()
    for name in names
] + [
    _refused(f"code, protocol {protocol}{', deep' * deep}{', bare' * is_bare}", change)
    for protocol in range(6)
    for deep in (False, True)
    for is_bare in (False, True)
    for change in [
        named(lambda zoo, p=protocol, d=deep: (zoo / FILE).write_bytes(_code(zoo, p, deep=d)))
        if is_bare
        else archive(partial(_code, protocol=protocol, deep=deep))
    ]
]
_X = b"\x80\x02"
MACHINE = [
    _refused(f"instructions: {what}", archive(pickled))
    for what, pickled in {
        "nothing": b"",
        "only the end": b".",
        "an empty stack": _X + b"0.",
        "no end": _X + b"}",
        "two values": _X + b"}}.",
        "an unknown instruction": _X + b"\xff.",
        "a memo never put": _X + b"h\x05.",
        "a memo far away": _X + b"}r\xff\xff\xff\xff.",
        "a length of 2**60": _X + b"\x8e" + (2**60).to_bytes(8, "little") + b".",
        "a text of 2**60": _X + b"\x8d" + (2**60).to_bytes(8, "little") + b".",
        "bytes of 2**31": _X + b"B" + (2**31 - 1).to_bytes(4, "little") + b".",
        "a bytearray of 2**60": b"\x80\x05\x96" + (2**60).to_bytes(8, "little") + b".",
        "an integer of 2**31 digits": _X + b"\x8b" + (2**31 - 1).to_bytes(4, "little") + b".",
        "a frame of 2**60": b"\x80\x04\x95" + (2**60).to_bytes(8, "little") + b"}.",
        "a negative length": _X + b"\x8b\xff\xff\xff\xff.",
        "an extension": _X + b"\x82\x01.",
        "a buffer outside": b"\x80\x05\x97.",
        "a buffer made read-only": b"\x80\x05}\x98.",
        "lists 100,000 deep": _X + b"]" * 100_000 + b"a" * 99_999 + b".",
        "tuples 100,000 deep": _X + b")" + b"\x85" * 100_000 + b".",
        "marks 100,000 deep": _X + b"(" * 100_000 + b".",
        "a list in itself": _X + b"]q\x00h\x00a.",
        "a mapping in itself": _X + b"}q\x00X\x01\x00\x00\x00ah\x00s.",
        "a mapping in a mapping in itself": _X + b"}q\x00X\x05\x00\x00\x00modelh\x00s.",
        "odd items": _X + b"}(X\x01\x00\x00\x00au.",
        "items of no mapping": _X + b"K\x01(K\x01K\x02u.",
        "a key that cannot be one": _X + b"}]K\x01s.",
        "a state for a number": _X + b"K\x01}b.",
        "a call of a number": _X + b"K\x01)R.",
        "a class that is text": _X + b"X\x01\x00\x00\x00a)\x81.",
        "a name of numbers": b"\x80\x04K\x01K\x02\x93.",
        "a name with dots": b"\x80\x04\x8c\x02os\x8c\x0bpath.system\x93.",
        "an instance": b"(S'touch ran'\nios\nsystem\n.",
        "an object": _X + b"(cos\nsystem\nS'touch ran'\no.",
        "a line without an end": b"S'abc",
        "text that is none": _X + b"X\x02\x00\x00\x00\xff\xfe.",
        "a number that is none": b"Fabc\n.",
        "an integer of 5,000 digits": b"I" + b"9" * 5_000 + b"\n.",
        "protocol 200": b"\x80\xc8}.",
        "eight million nothings": _X + b"N0" * 4_500_000 + b"}.",
        "doubled eighty times": _X + b"]q\x00" + b"(h\x00h\x00l" + b"q\x00" * 1 + b".",
        "references shared a billion times": _X
        + b"]"
        + b"q\x00(h\x00h\x00h\x00h\x00h\x00h\x00h\x00h\x00l" * 30
        + b".",
    }.items()
]
_STORAGE = ("storage", torch.FloatStorage, "0", "cpu", 4)


def _tensor(**parts: Any) -> bytes:
    """The pickle of one tensor, of which some parts are not as they should be."""
    values = {"storage": _STORAGE, "offset": 0, "shape": (4,), "strides": (1,), **parts}

    class Pickler(pickle.Pickler):
        def persistent_id(self, value: Any) -> Any:
            return values["storage"] if value == "STORAGE" else None

    call = _Calls(
        torch._utils._rebuild_tensor_v2,
        "STORAGE",
        values["offset"],
        values["shape"],
        values["strides"],
        False,
        collections.OrderedDict(),
    )
    file = io.BytesIO()
    Pickler(file, 2).dump({"a": call})
    return file.getvalue()


TENSORS = [
    _refused(f"tensor with {what}", archive(_tensor(**parts), records={"data/0": bytes(16)}))
    for what, parts in {
        "an offset behind the end": {"offset": 1},
        "an offset of -1": {"offset": -1},
        "an offset of 2**62": {"offset": 2**62},
        "an offset that is text": {"offset": "0"},
        "a shape too large": {"shape": (5,)},
        "a shape of 2**62": {"shape": (2**62,)},
        "a shape that overflows": {"shape": (2**32, 2**32), "strides": (2**32, 1)},
        "a negative shape": {"shape": (-4,)},
        "a shape of floats": {"shape": (4.0,)},
        "a shape of text": {"shape": "4"},
        "a shape of nothing": {"shape": None},
        "a thousand axes": {"shape": (1,) * 1000, "strides": (1,) * 1000},
        "no strides": {"strides": ()},
        "negative strides": {"strides": (-1,)},
        "strides of 0": {"strides": (0,)},
        "strides that overlap": {"shape": (2, 2), "strides": (1, 1)},
        "strides of 2**62": {"strides": (2**62,)},
        "a storage that is not there": {"storage": (*_STORAGE[:2], "1", "cpu", 4)},
        "a storage out of the archive": {"storage": (*_STORAGE[:2], "../data.pkl", "cpu", 4)},
        "a storage of a folder": {"storage": (*_STORAGE[:2], "/etc/passwd", "cpu", 4)},
        "a storage larger than its record": {"storage": (*_STORAGE[:4], 5)},
        "a storage of 2**62": {"storage": (*_STORAGE[:4], 2**62)},
        "a storage of -4": {"storage": (*_STORAGE[:4], -4)},
        "a storage of text": {"storage": "0"},
        "a storage of nothing": {"storage": ()},
        "a storage of another kind": {"storage": ("module", *_STORAGE[1:])},
        "a storage of quantised values": {"storage": ("storage", torch.QUInt8Storage, "0", "cpu", 16)},
        "a storage of a class": {"storage": ("storage", dict, "0", "cpu", 4)},
    }.items()
]
_Point = collections.namedtuple("_Point", "x y")
OBJECTS = [
    _refused(f"nothing but {what}", saved(lambda _, value=value: value))
    for what, value in {
        "a number": 1,
        "a text": "weights",
        "None": None,
        "a list of numbers": [1, 2],
        "an empty mapping": {},
        "a tensor": torch.zeros(3),
        "a list of tensors": [torch.zeros(3)],
        "a set": {1},
        "numbers by name": {"a": 1},
        "numbers by number": {1: torch.zeros(2)},
        "an optimiser's state": {"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": [{"lr": 1}]},
        "bytes": b"x" * 100,
        "a complex number": 1j,
        "a slice": slice(1),
        "a range": range(3),
        "a deep mapping": {"a": {"b": {"c": {"d": 1}}}},
    }.items()
] + [
    Input(
        "two models",
        saved(lambda weights: {"first": weights, "second": weights}),
        f"'{FILE}' holds several sets of weights",
    ),
    _refused("a sparse tensor", saved(lambda weights: {**weights, "a": torch.eye(3).to_sparse()})),
    Input(
        "complex weights",
        saved(lambda weights: {**weights, "visual.proj": torch.zeros(16, 8, dtype=torch.complex64)}),
        "count as unchanged",
        "accepted",
    ),
    _refused(
        "an expanded weight",
        saved(lambda weights: {**weights, "visual.proj": torch.zeros(1, 8).expand(16, 8)}),
    ),
    _refused(
        "a conjugated weight",
        saved(lambda weights: {**weights, "a": torch.zeros(3, dtype=torch.complex64).conj()}),
    ),
]
BESIDE = (
    [
        Input(
            f"weights beside {what}",
            saved(lambda weights, value=value: {"state_dict": weights, "extra": value}),
            outcome="accepted",
        )
        for what, value in {
            "a number": 1,
            "a text": "\x1b[31m",
            "a path": Path("/etc/passwd"),
            "a counter": collections.Counter("abc"),
            "a complex number": 1j,
            "a default": collections.defaultdict(list),
            "a date": __import__("datetime").datetime(2026, 1, 1),
            "a class": dict,
            "bytes": b"\x00",
            "a fraction": __import__("fractions").Fraction(1, 3),
            "a function": len,
            "tensors": [torch.zeros(2)],
            "a huge integer": 10**6000,
            "an error": ValueError("x"),
            "a device": torch.device("cuda:7"),
            "a type": torch.float16,
            "a size": torch.Size([3]),
            "a generator's state": torch.get_rng_state(),
            "an optimiser": {"param_groups": [{"lr": 1}], "state": {}},
        }.items()
    ]
    + [
        Input(
            f"weights under '{key}'",
            saved(lambda weights, key=key: {key: weights, "epoch": 3}),
            outcome="accepted",
        )
        for key in (
            "state_dict",
            "model",
            "model_state_dict",
            "net",
            "module",
            "state_dict_ema",
            "teacher",
            "something else",
        )
    ]
    + [
        Input(
            "weights in an ordered mapping",
            saved(lambda weights: collections.OrderedDict(weights)),
            outcome="accepted",
        ),
        Input(
            "weights as parameters",
            saved(lambda weights: {name: torch.nn.Parameter(value) for name, value in weights.items()}),
            outcome="accepted",
        ),
        Input(
            "weights of before PyTorch 1.6",
            saved(lambda weights: weights, _use_new_zipfile_serialization=False),
            outcome="accepted",
        ),
        Input("weights by protocol 4", saved(lambda weights: weights, pickle_protocol=4), outcome="accepted"),
        Input(
            "weights transposed",
            saved(lambda weights: {**weights, "visual.proj": torch.zeros(8, 16).T}),
            outcome="accepted",
        ),
    ]
)
INPUTS = (*CODE, *MACHINE, *TENSORS, *OBJECTS, *BESIDE)
