import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from app.errors import ZooError
from app.zoo.images.labelled_files import labelled_file
from app.zoo.images.pickled_batches import is_pickled_batch, pickled_batch
from app.zoo.roots import Roots

PIXELS = np.random.default_rng(0).integers(0, 256, (3, 4, 4, 3), np.uint8)
ROWS = PIXELS.transpose(0, 3, 1, 2).reshape(3, -1)
LABELS = [2, 0, 1]


def saved(path, protocol=2, **lists):
    path.write_bytes(pickle.dumps({name.encode(): value for name, value in lists.items()}, protocol))
    return path


def shown(found):
    return np.stack([np.asarray(found.image(k)) for k in range(len(found.labels))])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("rows", [ROWS, np.asfortranarray(ROWS), ROWS.astype(">i2")])
def test_a_batch_is_read_of_every_protocol_and_layout(tmp_path, protocol, rows):
    found = pickled_batch(saved(tmp_path / "test_batch", protocol, data=rows, labels=LABELS), "test", "")

    assert_array_equal(shown(found), PIXELS)
    assert found.labels == LABELS


def test_a_batch_of_python_2_is_read(tmp_path):
    """CIFAR's own files are: texts and bytes are one there."""
    path = tmp_path / "data_batch_1"
    path.write_bytes(
        b"\x80\x02}(U\x04datacnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR"
        b"(K\x01(K\x01K\x0ctcnumpy\ndtype\n(U\x02u1K\x00K\x01tR(K\x03U\x01|NNNJ\xff\xff\xff\xff"
        b"J\xff\xff\xff\xffK\x00tb\x89U\x0c" + bytes(range(250, 256)) + bytes(range(6)) + b"tb"
        b"U\x06labels](K\x01eu."
    )

    found = pickled_batch(path, "val", "")
    assert found.labels == [1]
    red, green, blue = np.asarray(found.image(0)).reshape(4, 3).T
    assert [*red, *green, *blue] == [*range(250, 256), *range(6)]


def test_names_lie_beside_the_batch_and_a_list_of_labels_can_be_named(tmp_path):
    saved(tmp_path / "test", data=ROWS, fine_labels=LABELS, coarse_labels=[1, 1, 0])
    saved(tmp_path / "meta", fine_label_names=[b"ant", b"bee", b"cat"], coarse_label_names=["no", "insect"])

    fine, coarse = (
        labelled_file(f"{tmp_path}/test{column}", "test", Roots.of((tmp_path,)))
        for column in ("", "#coarse_labels")
    )
    assert (fine.labels, fine.names) == (LABELS, ("ant", "bee", "cat"))
    assert (coarse.labels, coarse.names) == ([1, 1, 0], ("no", "insect"))


def test_a_folder_stands_for_its_test_images_alone(tmp_path):
    saved(tmp_path / "batches.meta", label_names=[b"ant", b"bee", b"cat"])
    saved(tmp_path / "test_batch", data=ROWS, labels=LABELS)

    assert pickled_batch(tmp_path, "test", "").names == ("ant", "bee", "cat")
    with pytest.raises(ZooError, match="name the file that holds the val images"):
        pickled_batch(tmp_path, "val", "")


def test_nothing_in_a_batch_is_run(tmp_path):
    canary = tmp_path / "canary"

    class Planted:
        def __reduce__(self):
            return open, (str(canary), "w")

    batch = saved(tmp_path / "test_batch", data=ROWS, labels=LABELS, more=Planted())
    pickled_batch(batch, "test", "")
    with pytest.raises(ZooError, match="must hold data and labels"):
        pickled_batch(saved(tmp_path / "test_batch", data=Planted(), labels=LABELS), "test", "")

    assert not canary.exists()


@pytest.mark.parametrize(
    ("lists", "sentence"),
    [
        ({"data": ROWS}, "holds 'data'; it must hold data and labels"),
        ({"data": ROWS[:, :-1], "labels": LABELS}, "images of 47 values are no squares"),
        ({"data": ROWS, "labels": [1, 2]}, "holds 3 images and 2 labels"),
        ({"data": np.array(["a"]), "labels": [1]}, "an array of something else than numbers"),
        ({"data": ROWS, "labels": ["ant", None, "bee"]}, "labels are object"),
    ],
)
def test_a_batch_that_is_none_is_refused(tmp_path, lists, sentence):
    with pytest.raises(ZooError, match=sentence):
        pickled_batch(saved(tmp_path / "test_batch", **lists), "test", "")


def test_a_cut_batch_is_damaged_and_a_claimed_size_takes_no_memory(tmp_path):
    path = saved(tmp_path / "test_batch", 4, data=ROWS, labels=LABELS)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    with pytest.raises(ZooError, match="is damaged"):
        pickled_batch(path, "test", "")
    path.write_bytes(whole.replace(b"K\x03K\x30\x86", b"K\xffK\x30\x86"))
    with pytest.raises(ZooError, match="is damaged"):
        pickled_batch(path, "test", "")


def test_other_files_are_no_batches(tmp_path):
    (tmp_path / "labels").write_text("ant")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "meta").write_text("source: a web page")
    (tmp_path / "blob").write_bytes((0x0280).to_bytes(8, "little") + b"{" * 0x280)  # a safetensors header
    others = [tmp_path / name for name in ("labels", "pictures", "blob", "missing")]

    assert not any(map(is_pickled_batch, others))
