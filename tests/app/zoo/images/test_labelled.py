import pytest
from PIL import Image

from app.errors import ZooError
from app.zoo.images.labelled import Labelled, class_indices

CLASSES = ("annual crop", "forest", "river")


def labelled(labels, names=None):
    return Labelled("a.parquet", labels, names, lambda k: Image.new("RGB", (2, 2)))


@pytest.mark.parametrize(
    ("labels", "names", "expected"),
    [
        (["river", "forest"], None, [2, 1]),
        (["River", "annual_crop"], None, [2, 0]),
        ([0, 2], ("river", "forest", "annual crop"), [2, 0]),
        ([0, 1], ("Annual_Crop", "FOREST"), [0, 1]),
        ([0, 2], ("field", "wood", "stream"), [0, 2]),
        ([2, 0], None, [2, 0]),
    ],
)
def test_labels_stand_for_classes_by_name_where_they_have_one(labels, names, expected):
    assert class_indices(labelled(labels, names), CLASSES).tolist() == expected


@pytest.mark.parametrize(
    ("labels", "names"), [(["river", "lake"], None), ([0, 1], ("river", "lake")), (["a", "A"], None)]
)
def test_labels_that_are_no_classes_are_refused_by_name(labels, names):
    with pytest.raises(
        ZooError, match=r"labels in 'a\.parquet' are not the task's classes: 'lake' unex|'A', 'a' unex"
    ):
        class_indices(labelled(labels, names), CLASSES)


def test_classes_are_named_by_the_file_or_by_its_labels():
    assert labelled([0], ("river", "forest")).class_names == ("river", "forest")
    assert labelled(["river", "forest", "river"]).class_names == ("forest", "river")
    assert labelled([0, 1]).class_names is None
