import pickle
from io import BytesIO

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from cache.pickles.arrays import saved_array, saved_bytes
from cache.pickles.machine import read_pickle


def read(value, protocol):
    return read_pickle(BytesIO(pickle.dumps(value, protocol))).value


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("dtype", ["?", "u1", "<i8", ">i4", "<f2", ">f8"])
def test_arrays_are_as_they_were_saved(protocol, dtype):
    array = np.random.default_rng(1).integers(0, 100, (2, 3, 4)).astype(dtype)
    for saved in (array, np.asfortranarray(array), array[:0], np.array(array[0, 0, 0])):
        found = saved_array(read(saved, protocol))
        assert found.dtype == saved.dtype
        assert_array_equal(found, saved)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_bytes_are_as_they_were_saved(protocol):
    assert saved_bytes(read(bytes(range(256)), protocol)) == bytes(range(256))


@pytest.mark.parametrize("value", [None, 3, [b"a"], {"a": b"a"}])
def test_other_objects_are_neither(value):
    assert (saved_bytes(value), saved_array(value)) == (None, None)
