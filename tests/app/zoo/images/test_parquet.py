import duckdb
import numpy as np
import pytest

from app.errors import ZooError
from app.zoo.images.parquet import parquet_images
from cache.errors import FileError
from tests.parquet_on_disk import write_parquet


def red(labelled):
    return [int(np.asarray(labelled.image(k))[0, 0, 0]) for k in range(len(labelled.labels))]


def test_pictures_and_labels_keep_their_order_and_names(tmp_path):
    found = parquet_images(write_parquet(tmp_path / "a.parquet", [1, 0, 1], names=["cat", "dog"]), "test")

    assert (list(found.labels), found.names, red(found)) == ([1, 0, 1], ("cat", "dog"), [0, 1, 2])


def test_a_files_own_name_may_have_signs_of_a_pattern(tmp_path):
    write_parquet(tmp_path / "a1.parquet", [7])

    found = parquet_images(write_parquet(tmp_path / "x", [1]).rename(tmp_path / "a[1]*.parquet"), "test")

    assert list(found.labels) == [1]


def test_shards_follow_one_another(tmp_path):
    for number, labels in enumerate(([0, 1], [1])):
        write_parquet(tmp_path / f"test-0000{number}-of-00002.parquet", labels)

    found = parquet_images(tmp_path / "test-00001-of-00002.parquet", "val")

    assert (list(found.labels), red(found)) == ([0, 1, 1], [0, 1, 0])


@pytest.mark.parametrize("inside", ["", "data/"])
@pytest.mark.parametrize(("split", "label"), [("val", 1), ("test", 0)])
def test_files_of_a_folder_are_chosen_by_their_split(tmp_path, inside, split, label):
    write_parquet(tmp_path / f"{inside}validation-00000-of-00001.parquet", [1])
    write_parquet(tmp_path / f"{inside}test-00000-of-00001.parquet", [0])
    write_parquet(tmp_path / f"{inside}train-00000-of-00001.parquet", [7])

    assert list(parquet_images(tmp_path, split).labels) == [label]


def test_a_split_that_is_not_there_is_named(tmp_path):
    write_parquet(tmp_path / "train.parquet", [1])
    write_parquet(tmp_path / "test.parquet", [1])

    with pytest.raises(ZooError, match="holds no Parquet file of the val split; name the file"):
        parquet_images(tmp_path, "val")


def test_names_of_labels_are_read_as_they_are(tmp_path):
    found = parquet_images(write_parquet(tmp_path / "a.parquet", ["dog", "cat"]), "test")

    assert (list(found.labels), found.class_names) == (["dog", "cat"], ("cat", "dog"))


def test_of_several_columns_of_labels_one_must_be_named(tmp_path):
    path = write_parquet(tmp_path / "a.parquet", [1, 0], column="fine_label", more=", 7 AS coarse_label")

    with pytest.raises(
        ZooError, match=r"several columns of labels \(fine_label, coarse_label\); name it behind"
    ):
        parquet_images(path, "test")
    assert list(parquet_images(path, "test", "coarse_label").labels) == [7, 7]
    with pytest.raises(ZooError, match="has no column 'other'"):
        parquet_images(path, "test", "other")


def test_a_column_may_be_called_anything(tmp_path):
    path = write_parquet(tmp_path / "a.parquet", [1], column='la"bel')

    assert list(parquet_images(path, "test", 'la"bel').labels) == [1]


def test_pixels_in_lists_are_pictures(tmp_path):
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT [[[7::UTINYINT, 8::UTINYINT, 9::UTINYINT]]] AS image, 0 AS label) TO "
            f"'{tmp_path / 'a.parquet'}' (FORMAT parquet)"
        )

    image = parquet_images(tmp_path / "a.parquet", "test").image(0)

    assert np.asarray(image).tolist() == [[[7, 8, 9]]]


def test_a_file_without_a_split_in_its_name_is_all_there_is(tmp_path):
    write_parquet(tmp_path / "0000.parquet", [1])

    assert [list(parquet_images(tmp_path, split).labels) for split in ("val", "test")] == [[1], [1]]


@pytest.mark.parametrize(
    ("labels", "names", "message"),
    [([2], ["cat", "dog"], "beyond its 2 classes"), ([-1], ["cat"], "beyond its 1 classes")],
)
def test_labels_beyond_the_classes_are_refused(tmp_path, labels, names, message):
    with pytest.raises(ZooError, match=message):
        parquet_images(write_parquet(tmp_path / "a.parquet", labels, names=names), "test")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"x" * 60 + b"PAR1"])
def test_a_damaged_file_is_refused(tmp_path, content):
    (tmp_path / "a.parquet").write_bytes(content)

    with pytest.raises(ZooError, match="cannot be read as Parquet"):
        parquet_images(tmp_path / "a.parquet", "test")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError):
        parquet_images(tmp_path / "a.parquet", "test")


def test_a_damaged_picture_is_named_by_its_row(tmp_path):
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {{bytes: 'no'::BLOB, path: ''}} AS image, 0 AS label) TO "
            f"'{tmp_path / 'a.parquet'}' (FORMAT parquet)"
        )

    with pytest.raises(ZooError, match=r"Row 0 of 'a\.parquet' cannot be read as an image"):
        parquet_images(tmp_path / "a.parquet", "test").image(0)
