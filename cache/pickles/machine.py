"""A machine for pickles that makes inert objects only.

Python's own unpickler calls whatever a pickle names. This one reads the same instructions and notes the
calls instead, so that there is nothing to forbid: no name is looked up, no method of a saved object is
called, and no memory is taken that the file claims without holding it.
"""

import pickletools
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from cache.pickles.inert import DAMAGED, SAVE_AGAIN, Made, Named, Nameless, Persistent, PickleError

MAX_BYTES = 1 << 26
"""Length of a pickle; that of a model with 100,000 tensors has a tenth."""
MAX_STEPS = 8_000_000
"""Instructions of a pickle; those of a model with 100,000 tensors are 3.5 million."""
_MAX_INDEX = 1 << 32

_MAPPINGS = {
    Named("collections", "OrderedDict"),
    Named("collections", "defaultdict"),
    Named("builtins", "dict"),
}
_INSTRUCTIONS = {instruction.code.encode("latin-1"): instruction for instruction in pickletools.opcodes}
_CONSTANTS = (
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
    *("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
)


@dataclass(frozen=True, slots=True)
class Pickle:
    """What one pickle describes."""

    value: Any
    """The object, of `cache.pickles.inert` and of Python's plain ones."""
    references: list[Persistent]
    """What it refers to outside of itself, in its own order."""


def read_pickle(file: BytesIO) -> Pickle:
    """Read one pickle and leave the file behind it.

    Args:
        file: In memory, at the start of a pickle; who reads it there bounds its length, a checkpoint's by
            `MAX_BYTES`.

    Raises:
        PickleError: It is damaged, too long, or uses what no checkpoint needs.
    """
    machine = _Machine()
    steps = 0
    try:
        for instruction, value in _instructions(file):
            steps += 1
            if steps > MAX_STEPS:
                raise PickleError(
                    f"holds a pickle of more than {MAX_STEPS} instructions, which is the limit; {SAVE_AGAIN}"
                )
            do = machine.table.get(instruction)
            if do is None:
                raise PickleError(
                    f"holds a pickle that uses {instruction}, which no checkpoint needs; {SAVE_AGAIN}"
                )
            do(value)
        (value,) = machine.stack
    except (ValueError, TypeError, LookupError, OverflowError, EOFError, struct.error) as error:
        raise PickleError(DAMAGED) from error
    return Pickle(value, machine.references)


def _instructions(file: BytesIO) -> Iterator[tuple[str, Any]]:
    """Each instruction's name and its argument, up to the one that ends the pickle."""
    name = ""
    while name != "STOP":
        instruction = _INSTRUCTIONS[file.read(1)]
        name, argument = instruction.name, instruction.arg
        read = None if argument is None else _LINES.get(argument.name, argument.reader)
        yield name, None if read is None else read(file)


def _line(file: BytesIO) -> str:
    line = file.readline()
    if not line.endswith(b"\n"):
        raise ValueError("a line has no end")
    return line[:-1].decode()


# Python's own readers of these warn of escapes, which no name in a checkpoint has.
_LINES: dict[str, Callable[[BytesIO], Any]] = {
    "stringnl": lambda file: _line(file).strip("'\""),
    "stringnl_noescape": _line,
    "stringnl_noescape_pair": lambda file: (_line(file), _line(file)),
}


class _Machine:
    """A stack, the stacks below each mark, and the memo; one method for each instruction."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.below: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        self.names: dict[tuple[str, str], Named] = {}
        self.references: list[Persistent] = []
        push = self.push
        self.table: dict[str, Callable[[Any], None]] = {
            **dict.fromkeys(_CONSTANTS, push),
            "NONE": push,
            "NEWTRUE": lambda _: push(True),
            "NEWFALSE": lambda _: push(False),
            "EMPTY_TUPLE": lambda _: push(()),
            "EMPTY_LIST": lambda _: push([]),
            "EMPTY_DICT": lambda _: push({}),
            "EMPTY_SET": lambda _: push([]),
            "TUPLE1": lambda _: self.last(1),
            "TUPLE2": lambda _: self.last(2),
            "TUPLE3": lambda _: self.last(3),
            "TUPLE": lambda _: push(tuple(self.marked())),
            "LIST": lambda _: push(self.marked()),
            "DICT": lambda _: push(_mapping(self.marked())),
            "FROZENSET": lambda _: push(self.marked()),
            "MARK": lambda _: self.mark(),
            "POP": lambda _: self.pop(),
            "POP_MARK": lambda _: self.drop_marked(),
            "DUP": lambda _: push(self.stack[-1]),
            "APPEND": lambda _: self.extend([self.stack.pop()]),
            "APPENDS": lambda _: self.extend(self.marked()),
            "ADDITEMS": lambda _: self.extend(self.marked()),
            "SETITEM": lambda _: self.set_items(self.two()),
            "SETITEMS": lambda _: self.set_items(self.marked()),
            "MEMOIZE": lambda _: self.put(len(self.memo)),
            **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), self.put),
            **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), lambda index: push(self.memo[index])),
            "GLOBAL": lambda names: push(self.named(*names)),
            "STACK_GLOBAL": lambda _: push(self.named(*self.two())),
            "INST": lambda names: push(_made(self.named(*names), tuple(self.marked()))),
            "OBJ": lambda _: self.make_marked(),
            "REDUCE": lambda _: push(_made(*self.two())),
            "NEWOBJ": lambda _: push(_made(*self.two())),
            "NEWOBJ_EX": lambda _: self.make_with_keywords(),
            "BUILD": lambda _: self.build(self.stack.pop()),
            "PERSID": self.refer,
            "BINPERSID": lambda _: self.refer(self.stack.pop()),
            **dict.fromkeys(("PROTO", "FRAME", "STOP"), lambda _: None),
        }

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def two(self) -> list[Any]:
        second = self.stack.pop()
        return [self.stack.pop(), second]

    def refer(self, reference: Any) -> None:
        match reference:
            case ("module", Named() as kind, *_):  # a class with its source text, of before PyTorch 1.6
                self.push(kind)
            case _:
                self.references.append(Persistent(reference))
                self.push(self.references[-1])

    def last(self, count: int) -> None:
        values = tuple(self.stack[-count:])
        if len(values) < count:
            raise LookupError
        self.stack[-count:] = [values]

    def mark(self) -> None:
        self.below.append(self.stack)
        self.stack = []

    def marked(self) -> list[Any]:
        values = self.stack
        self.stack = self.below.pop()
        return values

    def drop_marked(self) -> None:
        self.marked()

    def pop(self) -> None:
        if self.stack:
            self.stack.pop()
        else:
            self.drop_marked()

    def put(self, index: int) -> None:
        if not 0 <= index < _MAX_INDEX:
            raise LookupError
        self.memo[index] = self.stack[-1]

    def named(self, module: Any, name: Any) -> Named:
        if not isinstance(module, str) or not isinstance(name, str):
            raise TypeError
        module = "builtins" if module == "__builtin__" else module  # Python 2 calls it so
        return self.names.setdefault((module, name), Named(module, name))

    def extend(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if isinstance(target, list):
            target.extend(values)
        elif not isinstance(target, Made):
            raise TypeError

    def set_items(self, pairs: list[Any]) -> None:
        target = self.stack[-1]
        items = target.items if isinstance(target, Made) else target
        if not isinstance(items, dict):
            raise TypeError
        items.update(_mapping(pairs))

    def make_marked(self) -> None:
        kind, *args = self.marked()
        self.push(_made(kind, tuple(args)))

    def make_with_keywords(self) -> None:
        self.stack.pop()
        self.push(_made(*self.two()))

    def build(self, state: Any) -> None:
        target = self.stack[-1]
        if isinstance(target, Made):
            target.state = state
        elif not isinstance(target, dict):  # an OrderedDict has attributes, which hold no weights
            raise TypeError


def _mapping(flat: list[Any]) -> dict[object, object]:
    """Keys and values in turn as a mapping; a key that is no text is forgotten, for nothing needs it.

    Bytes are a text too: Python 2 knew no difference.
    """
    keys, values = flat[::2], flat[1::2]
    texts = map(_text, keys)
    return {Nameless() if text is None else text: value for text, value in zip(texts, values, strict=True)}


def _text(key: object) -> str | None:
    match key:
        case str():
            return key
        case bytes():
            return key.decode("latin-1")
        case Made(kind=Named("_codecs", "encode"), args=(str(text), "latin1")):
            return text
        case _:
            return None


def _made(kind: object, args: object) -> object:
    """What a call would give: a mapping where that is known to be an empty one, else a note of the call.

    Nothing that the pickle holds once is copied here: it could ask for a million copies.
    """
    is_empty = isinstance(args, tuple) and not any(
        isinstance(arg, list | tuple | dict | Made) for arg in args
    )
    return {} if is_empty and isinstance(kind, Named) and kind in _MAPPINGS else Made(kind, args)
