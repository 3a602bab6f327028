import pytest
import torch

from cache.pickles.inert import Made, Named, Persistent, PickleError
from cache.pickles.tensors import SavedTensor, Storage, is_tensor, saved_storage, saved_tensor


def storage(kind="FloatStorage", size=6, *more):
    return Persistent(("storage", Named("torch", kind), "0", "cpu", size, *more))


def call(name, *args):
    return Made(Named("torch._utils", name), args)


def tensor(shape=(2, 3), strides=(3, 1), *, of=None, offset=0, more=(False, {})):
    return call("_rebuild_tensor_v2", of or storage(), offset, shape, strides, *more)


FLOATS = SavedTensor(Storage("0", torch.float32, 6), torch.float32, 0, (2, 3), (3, 1))


@pytest.mark.parametrize(
    "value",
    [
        tensor(),
        tensor(Made(Named("torch", "Size"), ((2, 3),)), [3, 1]),
        call("_rebuild_tensor", storage(), 0, (2, 3), (3, 1)),
        call("_rebuild_parameter", tensor(), True, {}),
        call("_rebuild_parameter_with_state", tensor(), True, {}, {}),
        Made(
            Named("torch._tensor", "_rebuild_from_type_v2"),
            (Named("torch._utils", "_rebuild_tensor_v2"), Named("a", "B"), tensor().args, {}),
        ),
    ],
    ids=["plain", "sizes", "old", "parameter", "parameter with state", "subclass"],
)
def test_every_way_to_write_a_dense_tensor_is_read(value):
    assert is_tensor(value)
    assert saved_tensor(value) == FLOATS


def test_newer_types_name_themselves_beside_bytes():
    value = call(
        "_rebuild_tensor_v3",
        storage("UntypedStorage", 6),
        2,
        (4,),
        (1,),
        False,
        {},
        Named("torch", "float8_e4m3fn"),
    )

    found = saved_tensor(value)

    assert (found.dtype, found.offset, found.storage.n_bytes) == (torch.float8_e4m3fn, 2, 6)


@pytest.mark.parametrize("value", [3, "a", [], Made(Named("torch", "Size"), ()), Made(tensor(), ())])
def test_anything_else_is_no_tensor(value):
    assert not is_tensor(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (call("_rebuild_sparse_tensor", 1), "not a dense tensor; make it dense"),
        (call("_rebuild_qtensor", storage(), 0, (2,), (1,)), "is quantised, codes with a scale"),
        (call("_rebuild_meta_tensor_no_storage", 1), "has no values, as on the meta device"),
        (tensor(more=(False, {}, {"conj": True})), "conjugated or negated"),
        (tensor(strides=(-3, 1)), "not whole numbers >= 0"),
        (tensor(shape=(-2, 3)), "not whole numbers >= 0"),
        (tensor(shape=(True, 3)), "not whole numbers >= 0"),
        (tensor(offset=-1), "not whole numbers >= 0"),
        (tensor(shape=(6,)), "not whole numbers >= 0"),
        (tensor(shape=(2, 3), strides=(0, 1)), "repeats the same memory"),
        (tensor(shape=(2, 3), strides=(1, 1)), "repeats the same memory"),
        (tensor(shape=(2**40,), strides=(0,)), "repeats the same memory"),
        (tensor(of=storage("QInt8Storage")), "values of torch.QInt8Storage"),
        (tensor(of=storage("FloatStorage", 6, ("1", 0, 3))), "a view of another storage"),
        (tensor(of=storage("FloatStorage", -6)), "names no values in the file"),
        (tensor(of=Persistent("elsewhere")), "names no values in the file"),
        (call("_rebuild_tensor_v2", storage()), "is damaged"),
        (call("_rebuild_tensor_v2"), "is damaged"),
        (call("_rebuild_parameter"), "is damaged"),
        (call("_rebuild_parameter", 3), "is damaged"),
        (Made(Named("torch._utils", "_rebuild_tensor_v2"), 3), "is damaged"),
    ],
)
def test_what_cannot_be_read_right_is_refused(value, message):
    with pytest.raises(PickleError, match=message):
        saved_tensor(value)


def test_a_tensor_wrapped_in_itself_without_end_is_refused():
    value = call("_rebuild_parameter")
    value.args = (value,)

    with pytest.raises(PickleError, match="wrapped in too many classes"):
        saved_tensor(value)


def test_views_that_share_no_value_are_no_repeats():
    turned = saved_tensor(tensor(shape=(3, 2), strides=(1, 3)))
    single = saved_tensor(tensor(shape=(1, 6), strides=(0, 1)))
    empty = saved_tensor(tensor(shape=(0, 6), strides=(0, 0)))

    assert (turned.strides, single.strides, empty.shape) == ((1, 3), (0, 1), (0, 6))


def test_storages_state_their_size_in_bytes():
    assert saved_storage(storage("HalfStorage", 5)).n_bytes == 10
