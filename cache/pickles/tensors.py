"""Tensors as torch's pickles describe them: which stretch of which storage, in which shape."""

from dataclasses import dataclass
from typing import TypeGuard

import torch

from cache.pickles.inert import DAMAGED, Made, Named, Persistent, PickleError

_STORAGES = {
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
    "ComplexFloatStorage": torch.complex64,
    "ComplexDoubleStorage": torch.complex128,
    "UntypedStorage": torch.uint8,
}
"""Torch's names for storages."""
_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *_STORAGES.values(),
        torch.uint16,
        torch.uint32,
        torch.uint64,
        torch.float8_e4m3fn,
        torch.float8_e5m2,
    )
}
_WRAPPED = {"_rebuild_parameter", "_rebuild_parameter_with_state"}
_SUBCLASS = Named("torch._tensor", "_rebuild_from_type_v2")
_MOST_WRAPPINGS = 4
_OTHERS = {
    "_rebuild_qtensor": "is quantised, codes with a scale; use the model before it was quantised",
    "_rebuild_meta_tensor_no_storage": "has no values, as on the meta device; save the loaded model",
    "_rebuild_device_tensor_from_numpy": "is kept as a NumPy array; move it to the CPU before saving",
}
"""What to do about tensors that are more, or less, than values in a row."""


@dataclass(frozen=True, slots=True)
class Storage:
    """A run of values outside of the pickle."""

    key: str
    dtype: torch.dtype
    n_values: int

    @property
    def n_bytes(self) -> int:
        """Size of the values."""
        return self.n_values * self.dtype.itemsize


@dataclass(frozen=True, slots=True)
class SavedTensor:
    """A tensor's place in a storage."""

    storage: Storage
    dtype: torch.dtype
    offset: int
    """First value, counted in values of the tensor's type."""
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def is_tensor(value: object) -> TypeGuard[Made]:
    """Whether an object of a pickle stands for a tensor of any kind."""
    if not isinstance(value, Made) or not isinstance(value.kind, Named):
        return False
    return value.kind == _SUBCLASS or (
        value.kind.module == "torch._utils" and value.kind.name.startswith("_rebuild_")
    )


def saved_tensor(value: object) -> SavedTensor:
    """Read the description of a dense tensor.

    Raises:
        PickleError: It is of another kind, or contradicts itself.
    """
    for _ in range(_MOST_WRAPPINGS):
        function, args = _call(value)
        if function in _WRAPPED:
            value = args[0] if args else None
        elif function == _SUBCLASS.name and len(args) > 2 and isinstance(args[0], Named):
            value = Made(args[0], args[2])
        else:
            return _dense(function, args)
    raise PickleError("is wrapped in too many classes; save model.state_dict() of the plain model")


def saved_storage(value: object) -> Storage:
    """Read the description of a storage.

    Raises:
        PickleError: It is none, or of values that are not read here.
    """
    match value.reference if isinstance(value, Persistent) else None:
        case ("storage", Named(name=kind), str() as key, _, int() as size, *views) if size >= 0:
            if kind not in _STORAGES:
                raise PickleError(
                    f"holds values of torch.{kind}, which are no numbers read here; convert it first"
                )
            if any(view is not None for view in views):
                raise PickleError("is a view of another storage, as very old files have; save it again")
            return Storage(key, _STORAGES[kind], size)
    raise PickleError("names no values in the file; copy or download it again")


def _call(value: object) -> tuple[str, tuple[object, ...]]:
    if is_tensor(value) and isinstance(value.args, tuple):
        return (value.kind.name if isinstance(value.kind, Named) else ""), value.args
    raise PickleError(DAMAGED)


def _dense(function: str, args: tuple[object, ...]) -> SavedTensor:
    if function not in ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"):
        raise PickleError(_OTHERS.get(function, "is not a dense tensor; make it dense before saving"))
    if len(args) < 4:
        raise PickleError(DAMAGED)
    storage = saved_storage(args[0])
    dtype, flags = storage.dtype, args[6] if len(args) > 6 else None
    if function == "_rebuild_tensor_v3":
        dtype, flags = _dtype(args[6] if len(args) > 6 else None), args[7] if len(args) > 7 else None
    if isinstance(flags, dict) and any(flag is True for flag in flags.values()):
        raise PickleError(
            "is not a dense tensor but one that is conjugated or negated when read; call .resolve_conj() and "
            ".resolve_neg() before saving"
        )
    offset, shape, strides = args[1], _whole(args[2]), _whole(args[3])
    if (
        type(offset) is not int
        or offset < 0
        or shape is None
        or strides is None
        or len(shape) != len(strides)
    ):
        raise PickleError(
            "has an offset, shape or strides that are not whole numbers >= 0; save a .contiguous() copy"
        )
    if _overlaps(shape, strides):
        raise PickleError("repeats the same memory (an expanded view); save a .contiguous() copy of it")
    return SavedTensor(storage, dtype, offset, shape, strides)


def _dtype(value: object) -> torch.dtype:
    if isinstance(value, Named) and value.module == "torch" and value.name in _DTYPES:
        return _DTYPES[value.name]
    kind = value if isinstance(value, Named) else "unknown"
    raise PickleError(f"has dtype {kind}; the dtypes read here are {', '.join(_DTYPES)}")


def _whole(value: object) -> tuple[int, ...] | None:
    if isinstance(value, Made) and value.kind == Named("torch", "Size") and isinstance(value.args, tuple):
        value = value.args[0] if value.args else ()
    if not isinstance(value, tuple | list) or not all(type(size) is int and size >= 0 for size in value):
        return None
    return tuple(value)


def _overlaps(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether two values may share a place: each step must pass over all that the smaller ones reach."""
    reach = 0
    for step, size in sorted((step, size) for size, step in zip(shape, strides, strict=True) if size > 1):
        if step <= reach:
            return 0 not in shape
        reach += (size - 1) * step
    return False
