from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cache.errors import CacheError, FileError, MissingFileError
from cache.records import RunRecord, StoredRun, TaskRecord
from cache.shipped import FILE, MAX_BYTES, Shipped, read_shipped, write_shipped

ARRAYS = {
    "digits/prediction": np.array([1, 2], np.int32),
    "digits/log_prob": np.array([-0.5, -2], np.float32),
}


def stored(**others: Any) -> StoredRun:
    known: dict[str, Any] = {
        "run_id": "0a-1b",
        "created": datetime(2026, 11, 27, tzinfo=UTC),
        "zoo_name": "Tiny",
        "zoo_fingerprint": "zoo",
        "recipe": "{}",
        "recipe_digest": "recipe",
        "method": "average",
        "split": "val",
        "n_images": None,
        "device": "cpu",
        "dtype": "float32",
        "merge_ms": 1.5,
        "evaluate_ms": 20.0,
        "kind": "sweep",
        "mean_accuracy": 0.5,
        "mean_normalized": None,
        "versions": {"torch": "2.15.0"},
    }
    task = TaskRecord(
        task="digits", is_control=False, n=2, correct=1, accuracy=0.5, low=0.1, high=0.9, loss=1.25,
        normalized_accuracy=None,
    )  # fmt: skip
    return StoredRun(RunRecord(**known | others), (task,))


def test_what_is_written_is_read_to_the_bit(tmp_path):
    write_shipped(tmp_path / FILE, "zoo", [(stored(), ARRAYS)], {"of-a-key": {"x": np.eye(3)}})

    found = read_shipped(tmp_path / FILE, "zoo")

    assert found.runs == (stored(),)
    assert found.device == "cpu"
    assert found.find("recipe", "val", None) == [stored()]
    assert found.find("recipe", "val", 128) == found.find("other", "val", None) == []
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found.numbers("0a-1b")[name], array, strict=True)
    np.testing.assert_array_equal(found.numbers("of-a-key")["x"], np.eye(3), strict=True)
    assert found.numbers("of-another") is None


def test_rows_of_another_zoo_are_left_out(tmp_path):
    write_shipped(tmp_path / FILE, "zoo", [(stored(), ARRAYS)], {})

    found = read_shipped(tmp_path / FILE, "the zoo with another head")

    assert (found.runs, found.numbers("0a-1b")) == ((), None)


def test_nothing_came_with_most_zoos():
    assert Shipped().find("recipe", "val", None) == []
    assert Shipped().numbers("key") is None
    assert Shipped().device == ""


@pytest.mark.parametrize(
    "record",
    ["", "{", "[]", "null", '{"record": {}, "tasks": []}', '{"record": "x", "tasks": [1]}', "1e999", "\x00"],
)
def test_row_that_is_no_run_is_left_out_and_the_others_are_kept(record, tmp_path):
    path = tmp_path / FILE
    write_shipped(path, "zoo", [(stored(), ARRAYS), (stored(run_id="other"), ARRAYS)], {})
    table = pq.read_table(path)
    records = table["record"].to_pylist()
    pq.write_table(table.set_column(3, "record", pa.array([record, records[1]])), path)

    assert [run.record.run_id for run in read_shipped(path, "zoo").runs] == ["other"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"\x00" * 9, b"not one of them at all"])
def test_numbers_that_cannot_be_read_are_none(content, tmp_path):
    path = tmp_path / FILE
    write_shipped(path, "zoo", [(stored(), ARRAYS)], {})
    table = pq.read_table(path)
    pq.write_table(table.set_column(4, "arrays", pa.array([content])), path)

    assert read_shipped(path, "zoo").numbers("0a-1b") is None


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 5, b"what, key\nrun, 1\n", b"\x00" * 100])
def test_file_that_is_no_table_is_refused_in_a_sentence(content, tmp_path):
    (tmp_path / FILE).write_bytes(content)

    with pytest.raises(CacheError, match=r"runs\.parquet' is not a file of shipped results: .*\.$"):
        read_shipped(tmp_path / FILE, "zoo")


def test_table_of_something_else_is_refused(tmp_path):
    pq.write_table(pa.table({"what": ["run"]}), tmp_path / FILE)

    with pytest.raises(CacheError, match=r"runs\.parquet' is not a file of shipped results"):
        read_shipped(tmp_path / FILE, "zoo")


def test_every_cut_of_a_file_is_refused_and_none_ends_the_process(tmp_path):
    path = tmp_path / FILE
    write_shipped(path, "zoo", [(stored(), ARRAYS)], {})
    whole = path.read_bytes()
    for end in range(0, len(whole), 97):
        path.write_bytes(whole[:end])
        with pytest.raises(CacheError):
            read_shipped(path, "zoo")


def test_file_that_is_too_large_or_not_there_is_refused(tmp_path):
    with pytest.raises(MissingFileError):
        read_shipped(tmp_path / FILE, "zoo")
    with (tmp_path / FILE).open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(FileError, match="more than"):
        read_shipped(tmp_path / FILE, "zoo")


@pytest.mark.parametrize("repeated", [True, False])
def test_few_bytes_that_stand_for_many_are_refused(repeated, tmp_path):
    n = 2_000 if repeated else 1
    record = "x" * (200_000 if repeated else MAX_BYTES + 1)
    columns = dict.fromkeys(("what", "key", "fingerprint"), ["run"] * n)
    table = pa.table({**columns, "record": [record] * n, "arrays": pa.array([b""] * n)})
    pq.write_table(table, tmp_path / FILE, compression="zstd", use_dictionary=repeated)

    assert (tmp_path / FILE).stat().st_size < 1_000_000
    with pytest.raises(CacheError, match="unpacked it has more than"):
        read_shipped(tmp_path / FILE, "zoo")


def test_columns_of_other_kinds_are_refused(tmp_path):
    columns = {name: [[1]] for name in ("what", "key", "fingerprint", "record", "arrays")}
    pq.write_table(pa.table(columns), tmp_path / FILE)

    with pytest.raises(CacheError, match="is not a file of shipped results"):
        read_shipped(tmp_path / FILE, "zoo")
