import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from analysis.merge.recipe import Recipe
from app.views.runs.run_table import RunRow, best_first, counted, run_rows, runs_csv, table_rows
from cache.records import RunRecord, StoredRun, TaskRecord

TASKS = ("digits", "shapes")


def stored(run_id="0-a", recipe=None, **others):
    written = recipe or Recipe.from_mapping({"scaling": 0.3}, tasks=TASKS).to_mapping()
    given: dict[str, Any] = {
        "split": "val",
        "n_images": 128,
        "device": "cpu",
        "dtype": "float32",
        "kind": "lab",
    }
    record = RunRecord(
        run_id=run_id,
        created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        zoo_name="Tiny",
        zoo_fingerprint="f",
        recipe=json.dumps(written),
        recipe_digest="d",
        method=written["method"],
        **given | others,
        merge_ms=250,
        evaluate_ms=1500,
        mean_accuracy=0.5,
        mean_normalized=None,
        versions={},
    )
    return StoredRun(record, (task("digits", correct=3), task("letters, small", is_control=True)))


def task(name, *, correct=1, is_control=False):
    return TaskRecord(
        task=name,
        is_control=is_control,
        n=4,
        correct=correct,
        accuracy=correct / 4,
        low=0.1,
        high=0.9,
        loss=0.5,
        normalized_accuracy=None,
    )


def test_row_holds_what_was_run_and_what_it_gave():
    (row,) = run_rows([stored()], tasks=TASKS)

    assert (row.run_id, row.recipe_name, row.split, row.n_images) == (
        "0-a",
        "Task arithmetic, λ 0.3",
        "val",
        128,
    )
    assert (row.mean_accuracy, row.mean_normalized, row.seconds) == (0.5, None, 1.75)
    assert row.recipe == Recipe.from_mapping({"scaling": 0.3}, tasks=TASKS)


def test_rows_keep_the_order_given():
    assert [row.run_id for row in run_rows([stored("0-b"), stored("0-a")], tasks=TASKS)] == ["0-b", "0-a"]


@pytest.mark.parametrize(
    "recipe",
    [{"method": "no_longer", "scaling": 1}, {"method": "ties", "scaling": 1, "weights": {"gone": 1}}],
)
def test_run_whose_recipe_cannot_be_read_any_more_is_still_listed(recipe):
    (row,) = run_rows([stored(recipe=recipe)], tasks=TASKS)

    assert (row.recipe, row.recipe_name) == (None, recipe["method"])


def test_csv_has_one_line_per_run_and_task():
    lines = list(csv.DictReader(io.StringIO(runs_csv([stored("0-a"), stored("0-b", n_images=None)]))))

    assert [(line["run"], line["task"], line["is_control"]) for line in lines] == [
        ("0-a", "digits", "False"),
        ("0-a", "letters, small", "True"),
        ("0-b", "digits", "False"),
        ("0-b", "letters, small", "True"),
    ]
    assert [line["images"] for line in lines] == ["128", "128", "", ""]
    assert (lines[0]["correct"], lines[0]["accuracy"], lines[0]["normalized_accuracy"]) == ("3", "0.75", "")
    assert json.loads(lines[0]["recipe"])["scaling"] == 0.3


def test_csv_of_nothing_is_its_header():
    assert runs_csv([]).count("\n") == 1


def test_list_shows_accuracies_in_percent_and_all_images_in_words():
    quick, full = table_rows(run_rows([stored(), stored(n_images=None)], tasks=TASKS))

    assert (quick["mean"], quick["normalised"], quick["seconds"]) == (50.0, None, 1.75)
    assert (quick["images"], full["images"]) == ("128", "all")
    assert quick["recipe"] == "Task arithmetic, λ 0.3"


@pytest.mark.parametrize(
    ("n", "caption"),
    [
        (0, "Z · 0 runs · 0 test evaluations"),
        (1, "Z · 1 run · 1 test evaluation"),
        (2, "Z · 2 runs · 2 test evaluations"),
    ],
)
def test_caption_counts_one_and_many(n, caption):
    assert counted("Z", n, n) == caption


def test_best_run_on_most_validation_images_stands_first():
    def row(split, n, mean):
        return RunRow("", datetime(2026, 1, 1, tzinfo=UTC), None, "", split, n, mean, None, 0.0)

    best, next_best = row("val", None, 0.7), row("val", None, 0.6)
    few, unknown, test = row("val", 128, 0.9), row("val", 128, None), row("test", None, 0.95)

    assert best_first([test, unknown, few, next_best, best]) == [best, next_best, few, unknown, test]
