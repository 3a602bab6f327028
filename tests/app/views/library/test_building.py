from pathlib import Path

import torch

from app.views.library.building import found_sentence, taken_tasks, task_rows
from app.zoo.building.parts import TaskParts
from app.zoo.building.proposal import proposal
from tests.zoo_layouts import adapters, papers, saved


def test_a_folder_is_summed_up_by_kinds(tmp_path):
    saved(papers(tmp_path / "a") / "broken.pt").write_bytes(b"0" * 600)

    text = found_sentence(proposal(tmp_path / "a"))

    assert text == ("No zoo.toml here. Found 3 models, 2 files of heads. Left aside: 1, listed below.")
    assert found_sentence(proposal(adapters(tmp_path / "b"))) == (
        "No zoo.toml here. Found 1 model, 2 adapters."
    )


def test_a_task_that_does_not_fit_is_not_taken_at_first(tmp_path):
    papers(tmp_path)
    torch.save({"x": torch.ones(7)}, tmp_path / "single_task" / "ViT-B-32" / "odd.pt")

    rows = {row["name"]: row for row in task_rows(proposal(tmp_path))}

    assert {name: row["take"] for name, row in rows.items()} == {
        "MNIST": True,
        "SVHN": True,
        "odd": False,
    }
    assert "names other parameters" in rows["odd"]["note"]


def test_rows_are_taken_as_they_were_edited():
    row = {
        "take": True,
        "name": " mine ",
        "checkpoint": "a.pt",
        "head": None,
        "val": "x ",
        "test": "",
        "note": "",
    }

    assert taken_tasks([row, row | {"take": False}]) == [
        TaskParts("mine", Path("a.pt"), None, {"val": Path("x")})
    ]


def test_images_that_nobody_split_stay_so_until_one_split_is_edited():
    found = [TaskParts("a", Path("a"), None, {"images": Path("all")})]
    row = {"take": True, "name": "a", "checkpoint": "a", "head": "", "val": "all", "test": "all"}

    whole, edited, cleared = taken_tasks([row, row | {"test": "other"}, row | {"test": ""}], found)

    assert whole.images == {"images": Path("all")}
    assert edited.images == {"val": Path("all"), "test": Path("other")}
    assert cleared.images == {"val": Path("all")}


def test_classes_stay_with_the_head_that_they_were_found_with():
    row = {"take": True, "name": "a", "checkpoint": "a", "head": "a#fc.weight", "val": "", "test": ""}
    found = [
        TaskParts("a", Path("a"), "a#fc.weight", {}, ("dry", "wet")),
        TaskParts("b", Path("b"), None, {}, ("cat", "dog"), ("a {}",)),
    ]
    rows = [row, row | {"head": "b#fc.weight"}, row | {"checkpoint": "b", "head": ""}]

    same, other, prompted = taken_tasks(rows, found)

    assert (same.classes, other.classes) == (("dry", "wet"), ())
    assert (prompted.classes, prompted.templates) == (("cat", "dog"), ("a {}",))
