import csv
import io
import json
from itertools import product
from typing import Any

import pytest
import torch

from app.cli.measure_report import measured
from app.cli.measure_text import as_text, report_csv, tables_of
from app.errors import USER_ERRORS
from app.work.jobs import JobContext
from tests.weights_on_disk import write_weights_zoo

BLOCK = "visual.transformer.resblocks.{}.mlp.c_fc.weight"
BASE = {"visual.conv1.weight": torch.ones(6), **{BLOCK.format(layer): torch.ones(2, 2) for layer in range(2)}}


def moved(base, seed):
    generator = torch.Generator().manual_seed(seed)
    return {name: one + torch.randn(one.shape, generator=generator) for name, one in base.items()}


SMALL: dict[str, Any] = {
    "one task": (BASE, {"A": moved(BASE, 0)}),
    "one task that did not move": (BASE, {"A": BASE}),
    "two tasks that did not move": (BASE, {"A": BASE, "B": BASE}),
    "two equal tasks": (BASE, {"A": moved(BASE, 0), "B": moved(BASE, 0)}),
    "a task that did not move": (BASE, {"A": moved(BASE, 0), "B": BASE}),
    "all zero": ({"a": torch.zeros(3)}, {"A": {"a": torch.zeros(3)}, "B": {"a": torch.zeros(3)}}),
    "base of zeros": ({"a": torch.zeros(3)}, {"A": {"a": torch.ones(3)}, "B": {"a": -torch.ones(3)}}),
    "one tensor": ({"a": torch.ones(3)}, {"A": {"a": torch.zeros(3)}, "B": {"a": 2 * torch.ones(3)}}),
    "one weight": ({"a": torch.ones(1)}, {"A": {"a": torch.zeros(1)}, "B": {"a": torch.ones(1)}}),
    "one layer": (
        {BLOCK.format(0): torch.ones(2, 2)},
        {task: {BLOCK.format(0): torch.eye(2) * (task + 1)} for task in range(2)},
    ),
    "an empty tensor": (
        BASE | {"b": torch.empty(0)},
        {t: moved(BASE, t) | {"b": torch.empty(0)} for t in (0, 1)},
    ),
    "33 tasks": (BASE, {task: moved(BASE, task) for task in range(33)}),
    "a task called base": (BASE, {"base": moved(BASE, 0), "mean": moved(BASE, 1)}),
}
SETTINGS: tuple[dict[str, Any], ...] = (
    {"density": 0.2, "vector": "sum"},
    {"density": 0.0, "vector": "sum"},
    {"density": 1.0, "vector": "ties"},
)


@pytest.mark.parametrize("name", SMALL)
def test_every_table_of_a_small_zoo_is_printed_or_refused_in_a_sentence(benches, tmp_path, name):
    base, tasks = SMALL[name]
    folder = write_weights_zoo(tmp_path, base, {str(task): weights for task, weights in tasks.items()})
    bench = benches.open(folder, JobContext(), device="cpu")

    for what, scope, settings in product(
        ("norms", "signs", "masks", "similarity", "interference"), ("all", "changed", "blocks"), SETTINGS
    ):
        try:
            report = measured(bench, what, scope=scope, tall_lambda=0.4, scaling=1.0, **settings)
        except USER_ERRORS as refusal:
            assert what == "interference" or "at most 32" in str(refusal), refusal  # noqa: PT017
            continue
        json.dumps(report, allow_nan=False)
        assert as_text(report).strip()
        printed = [list(csv.reader(io.StringIO(one))) for one in report_csv(report).split("\n\n") if one]
        tables = [rows for rows in tables_of(report).values() if rows]
        assert [len(lines) - 1 for lines in printed] == [len(rows) for rows in tables]


def test_table_without_rows_has_nothing_to_compare():
    rows = [{"layer": 0, "agree": 3}]

    assert as_text([]) == "nothing to compare"
    assert (
        as_text({"pairs": [], "layers": rows})
        == "pairs\nnothing to compare\n\nlayers\nlayer  agree\n0          3"
    )
    assert report_csv({"pairs": [], "layers": rows}) == "layer,agree\n0,3"
    assert report_csv([]) == ""
