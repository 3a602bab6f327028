import random
from unicodedata import normalize

import pytest

from app.errors import ZooError
from app.zoo.images.class_folders import class_folders, folders_of_classes, order_is_a_guess, pictures_in
from app.zoo.roots import Roots


@pytest.fixture
def roots(tmp_path):
    return Roots.of([tmp_path])


def made(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return folder


def names_of(folders):
    return [folder.name for folder in folders]


@pytest.mark.parametrize(
    "ordered",
    [
        [str(number) for number in range(12)],
        [f"class {number}" for number in range(101)],
        ["n01", "n2", "n010"],
        ["a", "a1b2", "a1b10", "a2", "b"],
        ["0009", "10", "011"],
    ],
)
def test_numbers_in_names_are_in_the_order_of_numbers(tmp_path, roots, ordered):
    shuffled = random.Random(0).sample(ordered, len(ordered))
    made(tmp_path, *(f"{name}/0.png" for name in shuffled))

    assert names_of(class_folders(tmp_path, roots)) == ordered


def test_order_is_a_guess_only_where_text_sorts_otherwise():
    assert order_is_a_guess(["1", "2", "10"])
    assert not order_is_a_guess(["bird", "cat", "dog"])
    assert not order_is_a_guess(["01", "02", "10"])


def test_what_systems_leave_is_no_class_and_no_picture(tmp_path, roots):
    made(
        tmp_path, "cat/0.png", "dog/1.JPG", "dog/.DS_Store", "dog/._1.JPG", "dog/Thumbs.db", "dog/desktop.ini"
    )
    made(tmp_path, ".ipynb_checkpoints/0.png", "__MACOSX/0.png", "@eaDir/0.png", "labels.txt", "dog/list.csv")

    folders = folders_of_classes(tmp_path, ["dog", "cat"], roots)

    assert names_of(folders) == ["dog", "cat"]
    assert [names_of(pictures_in(folder, roots)) for folder in folders] == [["1.JPG"], ["0.png"]]


def test_pictures_may_lie_deeper_in_the_folder_of_their_class(tmp_path, roots):
    made(tmp_path, "dog/images/1.png", "dog/more/very/2.png", "dog/0.png", "dog/__MACOSX/3.png")

    assert names_of(pictures_in(tmp_path / "dog", roots)) == ["0.png", "1.png", "2.png"]


@pytest.mark.parametrize(
    ("folder", "stated"),
    [(normalize("NFD", "Café"), normalize("NFC", "Café")), ("Dog", "dog"), ("STRASSE", "straße")],
)
def test_spelling_may_differ_where_only_one_folder_fits(tmp_path, roots, folder, stated):
    made(tmp_path, f"{folder}/0.png", "cat/0.png")

    assert names_of(folders_of_classes(tmp_path, ["cat", stated], roots)) == ["cat", folder]


def test_folders_that_are_numbered_from_0_are_the_labels(tmp_path, roots):
    made(tmp_path, *(f"{label:05}/0.png" for label in range(11)))
    classes = [f"sign {label}" for label in range(11)]

    assert names_of(folders_of_classes(tmp_path, classes, roots)) == [f"{label:05}" for label in range(11)]
    for others in (classes[:10], [*classes, "one more"]):
        with pytest.raises(ZooError, match="are not the task's classes"):
            folders_of_classes(tmp_path, others, roots)


def test_numbers_that_do_not_begin_at_0_are_no_labels(tmp_path, roots):
    made(tmp_path, "1/0.png", "2/0.png")

    with pytest.raises(ZooError, match="are not the task's classes"):
        folders_of_classes(tmp_path, ["cat", "dog"], roots)


def test_two_folders_that_differ_in_case_are_two_classes(tmp_path, roots):
    made(tmp_path, "a/0.png", "A/0.png")

    assert names_of(folders_of_classes(tmp_path, ["A", "a"], roots)) == ["A", "a"]
    with pytest.raises(ZooError, match="'A' unexpected"):
        folders_of_classes(tmp_path, ["a"], roots)


def test_a_thousand_classes_with_one_missing_name_that_one(tmp_path, roots):
    made(tmp_path, *(f"class {number}/0.png" for number in range(999)))

    with pytest.raises(ZooError, match=r"none unexpected, 'class 999' missing") as refused:
        folders_of_classes(tmp_path, [f"class {number}" for number in range(1000)], roots)
    assert len(str(refused.value)) < 300


def test_link_out_of_the_roots_is_refused_for_a_class_and_for_a_picture(tmp_path, roots):
    zoo = made(tmp_path / "zoo", "cat/0.png")
    inside = Roots.of([zoo])
    outside = made(tmp_path / "elsewhere", "dog/1.png")
    (zoo / "cat" / "1.png").symlink_to(outside / "dog" / "1.png")
    with pytest.raises(ZooError, match="leads out"):
        list(pictures_in(zoo / "cat", inside))
    (zoo / "dog").symlink_to(outside / "dog")
    with pytest.raises(ZooError, match="leads out"):
        class_folders(zoo, inside)
    assert names_of(class_folders(zoo, roots)) == ["cat", "dog"]
