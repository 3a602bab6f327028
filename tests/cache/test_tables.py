import numpy as np
import pytest

from cache.errors import StoreError
from cache.keys import ResultKey
from cache.store import Store

KEY = ResultKey("statistics", 1, {"zoo": "a"})
OTHER = ResultKey("statistics", 1, {"zoo": "b"})


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def store(folder):
    opened = Store.open(folder)
    yield opened
    opened.close()


def some(offset=0):
    return {
        "norms": {
            "task": np.array(["b", "a", "ü"]),
            "n": np.array([3, 1, 2**62]) + offset,
            "l2": np.array([0.1, 1e-300, np.pi]) + offset,
        },
        "empty": {"n": np.zeros(0, dtype=np.int64)},
    }


def assert_same(found, expected):
    assert list(found) == list(expected)
    for name, table in expected.items():
        assert list(found[name]) == list(table)
        for column, values in table.items():
            assert found[name][column].dtype.kind == values.dtype.kind
            assert found[name][column].tolist() == values.tolist()


def never():
    pytest.fail("computed again")


def test_tables_come_back_as_they_were_in_the_next_session(folder):
    first = Store.open(folder)
    computed = first.tables(KEY, some)
    first.close()

    again = Store.open(folder)
    found, known = again.tables(KEY, never), again.known_tables(KEY)
    again.close()

    for tables in (computed, found, known):
        assert_same(tables, some())


def test_nothing_is_known_of_another_zoo_or_version(store):
    store.tables(KEY, some)

    assert store.known_tables(OTHER) is None
    assert store.known_tables(ResultKey("statistics", 2, {"zoo": "a"})) is None


def test_tables_of_two_zoos_lie_in_one_table_and_stay_apart(store):
    store.tables(KEY, some)
    store.tables(OTHER, lambda: some(offset=-1))

    assert_same(store.known_tables(KEY), some())
    assert_same(store.known_tables(OTHER), some(offset=-1))


def test_another_version_may_have_other_columns(store):
    store.tables(KEY, some)
    newer = ResultKey("statistics", 2, {"zoo": "a"})
    store.tables(newer, lambda: {"norms": {"max": np.array([1.0])}})

    assert_same(store.known_tables(newer), {"norms": {"max": np.array([1.0])}})


def test_a_computation_that_fails_leaves_nothing_and_the_next_tries_again(store):
    def fails():
        raise ValueError("no weights")

    with pytest.raises(ValueError, match="no weights"):
        store.tables(KEY, fails)

    assert store.known_tables(KEY) is None
    assert_same(store.tables(KEY, some), some())


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"n": np.arange(2), "l2": np.zeros(3)}, "equally long"),
        ({"n": np.zeros((2, 2))}, "one row"),
        ({"n": np.array([None])}, "one row"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_of_it_is_kept(store, table, said):
    with pytest.raises(StoreError, match=said):
        store.tables(KEY, lambda: {"norms": some()["norms"], "bad": table})

    assert store.known_tables(KEY) is None


def test_a_hundred_thousand_rows_keep_their_order(store):
    values = np.random.default_rng(0).permutation(100_000)
    store.tables(KEY, lambda: {"signs": {"n": values}})

    assert (store.known_tables(KEY)["signs"]["n"] == values).all()
