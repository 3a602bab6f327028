from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.views.library.contents import changed_share, checkpoint_rows, details, short_count
from tests.made_vectors import N, big_updates, task_vectors_of
from tests.zoo_on_disk import TASKS


def test_share_of_changed_weights_counts_whole_tensors():
    updates = np.zeros((2, N))
    updates[1, 0] = 1.0  # one of the five weights of the first tensor

    assert changed_share(task_vectors_of(updates)) == 5 / 45
    assert changed_share(task_vectors_of(big_updates(2, N))) == 1
    assert changed_share(task_vectors_of(0 * updates)) == 0


@pytest.mark.parametrize(
    ("number", "text"), [(99_999, "99\xa0999"), (100_000, "0.10 M"), (419_456, "0.42 M"), (12, "12")]
)
def test_many_weights_are_counted_in_millions(number, text):
    assert short_count(number) == text


def test_base_is_listed_before_every_model_that_has_a_file(bench):
    rows = checkpoint_rows(bench)

    assert [row["name"] for row in rows] == ["base", *TASKS]
    assert rows[0]["relative"] is None
    assert all(row["size"] > 0 and len(row["digest"]) == 12 for row in rows)


def test_details_name_the_encoder_and_the_controls(bench):
    text = details(bench)

    assert text.startswith(f"Encoder {bench.setup.encoder.config.name}: 3 blocks, ")
    assert text.endswith("Controls, evaluated but never merged: letters.")
    assert "Kept from the base" not in text


def test_details_state_which_parts_of_files_were_taken():
    note = "Weights were taken from 'model'."
    files = [SimpleNamespace(name=name, notes=(note,)) for name in ("cars", "digits")]
    bench: Any = SimpleNamespace(
        zoo=SimpleNamespace(file=SimpleNamespace(controls=()), carried=(), checkpoints=files),
        setup=SimpleNamespace(encoder=None),
    )

    assert details(bench).endswith("cars, digits: Weights were taken from 'model'.")


def test_details_name_what_is_missing_and_what_is_not_merged():
    file = SimpleNamespace(controls=())
    bench: Any = SimpleNamespace(
        zoo=SimpleNamespace(file=file, carried=("position_ids", "mask"), checkpoints=()),
        setup=SimpleNamespace(encoder=None),
    )

    assert details(bench) == (
        "zoo.toml has no [encoder]: weights can be compared and merged, accuracy is not measured. "
        "Kept from the base, not merged (no weights): position_ids, mask."
    )
