import json

import torch

from analysis.evaluation.scores import MeanScore, TaskScore
from analysis.merge.recipe import Recipe
from app.bench.runs import Run
from app.cli.report import file_report, run_report, zoo_report
from app.cli.report_text import file_text, run_text, zoo_text
from cache.checkpoints import open_checkpoint
from cache.writing import write_safetensors
from tests.zoo_on_disk import write_zoo

RUN = Run(
    run_id="1",
    recipe=Recipe.from_mapping({"scaling": 0.5}, tasks=["digits"]),
    split="test",
    n_images=None,
    tasks=(TaskScore("digits", 4, 3, 0.75, 0.3, 0.95, 0.5, 0.8),),
    controls=(TaskScore("letters", 10, 1, 0.1, 0.02, 0.4, 2.0, None),),
    mean=MeanScore(0.75, 0.5, 1.0, 0.8, 0.6, 1.1),
    predictions={},
    alpha=None,
    merge_seconds=0.0,
    evaluate_seconds=0.0,
)


def test_run_is_reported_in_full():
    assert run_report(RUN, {"cars": "zoo.toml gives it no test set"}) == {
        "recipe": RUN.recipe.to_mapping(),
        "split": "test",
        "tasks": [
            {
                "task": "digits",
                "n": 4,
                "correct": 3,
                "accuracy": 0.75,
                "low": 0.3,
                "high": 0.95,
                "loss": 0.5,
                "normalized_accuracy": 0.8,
            }
        ],
        "controls": [
            {
                "task": "letters",
                "n": 10,
                "correct": 1,
                "accuracy": 0.1,
                "low": 0.02,
                "high": 0.4,
                "loss": 2.0,
                "normalized_accuracy": None,
            }
        ],
        "mean": {
            "accuracy": 0.75,
            "low": 0.5,
            "high": 1.0,
            "normalized_accuracy": 0.8,
            "normalized_low": 0.6,
            "normalized_high": 1.1,
        },
        "skipped": [{"task": "cars", "reason": "zoo.toml gives it no test set"}],
    }


def test_table_lines_up_names_left_and_numbers_right():
    said = run_text(run_report(RUN, {"cars": "zoo.toml gives it no test set"}))
    lines = said.replace("\xa0", " ").splitlines()

    assert lines == [
        "task_arithmetic on test images",
        "",
        "task                n  accuracy      95 % interval  normalised   loss",
        "digits              4    75.0 %   30.0 % to 95.0 %      80.0 %  0.500",
        "mean                     75.0 %  50.0 % to 100.0 %      80.0 %",
        "letters (control)  10    10.0 %    2.0 % to 40.0 %           –  2.000",
        "'cars' is not evaluated: zoo.toml gives it no test set.",
    ]


def test_weights_are_counted_by_tower_and_by_component(bench):
    report = zoo_report(bench)

    assert report["towers"]["visual"]["layers"] == 3
    assert report["weights"] == bench.zoo.task_vectors.layout.n_weights
    for parts in ("towers", "components"):
        assert sum(part["weights"] for part in report[parts].values()) == report["weights"]
        assert sum(part["tensors"] for part in report[parts].values()) == len(bench.zoo.base.entries)


def test_zoo_names_the_files_behind_its_numbers(bench, zoo):
    report = zoo_report(bench)

    assert report["fingerprint"] == bench.zoo.fingerprint
    for reported, facts in zip(report["checkpoints"], bench.zoo.checkpoints, strict=True):
        assert (reported["file"], reported["fingerprint"]) == (
            str(zoo / f"{facts.name}.safetensors"),
            facts.digest,
        )
    assert report["checkpoints"][0]["relative_norm"] is None
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_large_memory_is_shown_in_gigabytes_with_its_place(bench):
    report = zoo_report(bench) | {
        "memory": {"needed": 2_500_000, "machine": 64_000_000_000, "on_device": False},
        "device": "cuda",
    }

    shown = zoo_text(report)

    assert "2.5\xa0MB of 64\xa0GB, in main memory; merged weights on cuda" in shown


def test_tensors_that_are_only_carried_along_are_named(tmp_path):
    zoo = write_zoo(tmp_path, int_buffer=True, file_format="pt")

    report = file_report(open_checkpoint(zoo / "deep.pt"))

    assert (report["metadata"], report["dtypes"]["int64"]) == ({}, 1)
    assert "carried along" in file_text(report)
    assert "visual.position_ids" in file_text(report)
    assert "Metadata" not in file_text(report)


def test_part_of_a_file_that_was_taken_is_stated(tmp_path):
    torch.save({"model": {"a": torch.zeros(2)}, "ema": {"a": torch.ones(2)}}, tmp_path / "a.pt")

    report = file_report(open_checkpoint(tmp_path / "a.pt"))

    (note,) = report["notes"]
    assert note.startswith("Weights were taken from 'model'; other weights lie under 'ema'")
    assert note in file_text(report).splitlines()


def test_notes_of_a_zoo_name_their_checkpoint(bench):
    report = zoo_report(bench)
    report["checkpoints"][1]["notes"] = ["Weights were taken from 'model'."]

    assert (
        f"{report['checkpoints'][1]['name']}: Weights were taken from 'model'."
        in zoo_text(report).splitlines()
    )


def test_metadata_of_any_length_fits_a_terminal(tmp_path):
    metadata = {"short": "scaling: 1\nscope: all", "long": "x" * 9000, "many": "line\n" * 9000}
    write_safetensors(tmp_path / "a.safetensors", {"a": torch.zeros(2)}, metadata)

    report = file_report(open_checkpoint(tmp_path / "a.safetensors"))
    shown = file_text(report).splitlines()

    assert report["metadata"] == metadata
    assert shown[shown.index("short:") :][:3] == ["short:", "  scaling: 1", "  scope: all"]
    assert len(shown) < 300
    assert max(map(len, shown)) < 300
    assert shown[-1].endswith("more lines; --json has all")
