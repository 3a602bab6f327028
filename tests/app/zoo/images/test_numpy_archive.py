import numpy as np
import pytest

from app.errors import ZooError
from app.zoo.images.numpy_archive import array_images

PIXELS = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3), np.uint8)
LABELS = np.array([2, 0, 1])


def saved(folder, **arrays):
    np.savez(folder / "a.npz", **arrays)
    return folder / "a.npz"


def shown(found):
    return np.stack([np.asarray(found.image(k)) for k in range(len(found.labels))])


@pytest.mark.parametrize(
    "pixels",
    [
        PIXELS,
        PIXELS.transpose(0, 3, 1, 2),
        PIXELS / 255,
        (PIXELS / 255).astype(np.float32),
        PIXELS.astype(np.int64),
        PIXELS.astype(np.float64),
    ],
)
def test_pixels_are_the_same_however_they_are_kept(tmp_path, pixels):
    found = array_images(saved(tmp_path, images=pixels, labels=LABELS), "test")

    assert (shown(found) == PIXELS).all()
    assert found.labels == [2, 0, 1]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (LABELS[:, None], [2, 0, 1]),
        (np.eye(3, dtype=int)[LABELS], [2, 0, 1]),
        (np.array(["river", "forest", "field"]), ["river", "forest", "field"]),
        (LABELS.astype(np.uint8), [2, 0, 1]),
    ],
)
def test_labels_are_numbers_or_names(tmp_path, labels, expected):
    assert array_images(saved(tmp_path, x=PIXELS, y=labels), "test").labels == expected


def test_the_arrays_of_the_split_are_taken(tmp_path):
    path = saved(
        tmp_path,
        train_images=PIXELS[:1],
        train_labels=LABELS[:1],
        val_images=PIXELS[:2],
        val_labels=LABELS[:2],
        test_images=PIXELS,
        test_labels=LABELS,
    )

    assert [len(array_images(path, split).labels) for split in ("val", "test")] == [2, 3]


def test_grey_pictures_are_read(tmp_path):
    found = array_images(saved(tmp_path, images=PIXELS[..., 0], labels=LABELS), "test")

    assert (np.asarray(found.image(1).convert("RGB")) == PIXELS[1, ..., :1]).all()


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            {"images": PIXELS, "labels": np.array(["a", 1, 2], object)},
            "holds pickled objects, which are code",
        ),
        ({"images": PIXELS}, "must hold images and labels, or test_images and test_labels"),
        ({"images": PIXELS, "labels": LABELS[:2]}, "holds 3 images and 2 labels"),
        ({"images": PIXELS.astype(int) * 9, "labels": LABELS}, r"must lie in 0…255"),
        ({"images": PIXELS - 0.5, "labels": LABELS}, r"must lie in 0…255"),
        ({"images": np.full((3, 4, 5), np.nan), "labels": LABELS}, r"must lie in 0…255"),
        ({"images": PIXELS[0], "labels": LABELS}, "holds 4 images and 3 labels"),
        ({"images": PIXELS[:, :, :, :2], "labels": LABELS}, r"must be \(N, H, W\)"),
        ({"images": PIXELS, "labels": LABELS + 0.5}, "must be whole numbers or names"),
    ],
)
def test_other_arrays_are_refused(tmp_path, arrays, message):
    with pytest.raises(ZooError, match=message):
        array_images(saved(tmp_path, **arrays), "test")


def test_a_damaged_archive_is_refused(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04" + b"0" * 50)

    with pytest.raises(ZooError, match="cannot be read as a NumPy archive"):
        array_images(tmp_path / "a.npz", "test")
