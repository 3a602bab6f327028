import json
import tomllib

import pytest
import torch
from click.testing import CliRunner

from app.__main__ import commands
from app.work.jobs import JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
from tests.zoo_layouts import adapters, hugging_face, papers, pictures, saved


def run(*arguments):
    return CliRunner().invoke(commands, ["import", *map(str, arguments)])


@pytest.mark.parametrize("layout", [papers, hugging_face, adapters])
def test_the_zoo_that_is_written_opens(tmp_path, layout):
    result = run(layout(tmp_path))

    assert result.exit_code == 0, result.output
    assert f"Open it: python -m app --zoo {tmp_path}\n" in result.output
    weights = zoo_weights(read_zoo_file(tmp_path), JobContext(), device=torch.device("cpu"))
    assert weights.task_vectors.n_tasks == 2
    assert weights.task_vectors.deltas.any()


def test_a_zoo_elsewhere_names_the_folder_that_must_be_allowed(tmp_path):
    models, zoo = hugging_face(tmp_path / "models"), tmp_path / "zoo"

    result = run(models, "-o", zoo, "--name", "Mine")

    assert f"--zoo {zoo} --root {models}" in result.output
    file = read_zoo_file(zoo, roots=[models])
    assert (file.name, file.base_checkpoint) == ("Mine", models / "clip")


def test_what_was_found_and_what_is_missing_is_reported(tmp_path):
    papers(tmp_path)
    pictures(tmp_path / "data" / "MNIST" / "val")

    report = json.loads(run(tmp_path, "--json").output)

    first, second = report["tasks"]
    assert (first["val"], first["test"], second["val"]) == ("data/MNIST/val", None, None)
    assert report["encoder"] == "ViT-B-32-quickgelu"
    assert report["written"] == str(tmp_path / "zoo.toml")


def test_a_task_that_does_not_fit_is_a_comment_with_its_reason(tmp_path):
    hugging_face(tmp_path)
    torch.save({"other.weight": torch.ones(5, 5)}, tmp_path / "clip_odd.pt")

    result = run(tmp_path)

    assert "Left out 'odd': Task 'odd' names other parameters than the base" in result.output
    text = (tmp_path / "zoo.toml").read_text()
    assert "# Left out: Task 'odd' names other" in text
    assert [task["name"] for task in tomllib.loads(text)["tasks"]] == ["cars", "dtd"]


def test_an_existing_zoo_stays_as_it_is(tmp_path):
    hugging_face(tmp_path)
    (tmp_path / "zoo.toml").write_text("mine")

    result = run(tmp_path)

    assert result.exit_code != 0
    assert (tmp_path / "zoo.toml").read_text() == "mine"


def test_a_dry_run_prints_the_document_and_writes_nothing(tmp_path):
    result = run(hugging_face(tmp_path), "--dry-run")

    assert tomllib.loads(result.output)["base"] == {"checkpoint": "clip"}
    assert not (tmp_path / "zoo.toml").exists()


def test_names_with_signs_of_their_own_are_written_so_that_they_are_read_back(tmp_path):
    saved(tmp_path / "base.pt")
    names = ['quo"te', "back\\slash", "ünïcode", "tab\tin", "del\x7f"]
    for name in names:
        saved(tmp_path / f"{name}.pt")

    assert run(tmp_path).exit_code == 0

    tasks = tomllib.loads((tmp_path / "zoo.toml").read_text())["tasks"]
    assert sorted(task["name"] for task in tasks) == sorted(names)
    read_zoo_file(tmp_path)
