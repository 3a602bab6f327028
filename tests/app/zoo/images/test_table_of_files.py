import pytest
from PIL import Image

from app.errors import ZooError
from app.zoo.images.table_of_files import listed_images
from app.zoo.roots import Roots


@pytest.fixture
def listed(tmp_path):
    """A table beside three pictures, red of 0, 1 and 2."""
    (tmp_path / "images").mkdir()
    for k in range(3):
        Image.new("RGB", (2, 2), (k, 0, 0)).save(tmp_path / "images" / f"{k}.png")

    def listed(text, *column, encoding="utf-8", name="labels.csv"):
        (tmp_path / name).write_text(text, encoding=encoding)
        return listed_images(tmp_path / name, Roots.of([tmp_path]), *column)

    return listed


def red(found):
    return [found.image(k).getpixel((0, 0))[0] for k in range(len(found.labels))]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("path,label\nimages/2.png,dog\nimages/0.png,cat\n", "utf-8"),
        ("label;filename\ndog;images/2.png\ncat;images/0.png\n", "utf-8-sig"),
        ("images/2.png\tdog\nimages/0.png\tcat\n", "utf-8"),
        ('"path","label"\r\n"images/2.png","dog"\r\n"images/0.png","cat"\r\n', "utf-8"),
        ("id,path,class\n1,images/2.png,dog\n2,images/0.png,cat\n", "utf-8"),
    ],
)
def test_every_kind_of_table_gives_pictures_and_labels(listed, text, encoding):
    found = listed(text, encoding=encoding)

    assert (list(found.labels), red(found)) == (["dog", "cat"], [2, 0])


def test_a_tables_own_name_may_have_signs_of_a_pattern(listed):
    listed("images/1.png,other\n", name="l1.csv")

    assert list(listed("images/0.png,own\n", name="l[1]*.csv").labels) == ["own"]


def test_labels_that_are_numbers_are_the_classes_own(listed):
    assert list(listed("path,label\nimages/2.png,1\nimages/0.png,0\n").labels) == [1, 0]


def test_a_row_without_its_file_is_left_out_and_named(listed):
    found = listed("path,label\nimages/9.png,dog\nimages/0.png,cat\n")

    assert list(found.labels) == ["cat"]
    assert found.notes == ("1 of 2 rows name no file (images/9.png)",)


def test_a_file_outside_of_the_roots_is_refused(listed):
    with pytest.raises(ZooError, match="leads out of the zoo's folder"):
        listed("path,label\n../../elsewhere.png,dog\nimages/0.png,cat\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\nc,d\n", "no column whose entries are files of pictures"),
        ("images/0.png\n", "needs two columns"),
        ("path,one,two\nimages/0.png,1,2\n", r"several columns that may be labels .*labels\.csv#column"),
        ("", "needs two columns|cannot be read as a table"),
    ],
)
def test_what_is_no_table_of_pictures_is_refused(listed, text, message):
    with pytest.raises(ZooError, match=message):
        listed(text)


def test_a_column_of_labels_can_be_named(listed):
    text = "path,one,two\nimages/0.png,1,2\n"

    assert list(listed(text, "two").labels) == [2]
    with pytest.raises(ZooError, match="has no column 'three'"):
        listed(text, "three")
