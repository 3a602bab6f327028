import numpy as np
import pytest
import torch

from analysis.model.layout import Layout
from analysis.model.segments import segments
from analysis.model.task_vectors import task_vectors_in_place
from app.views.update_norms.spectrum import spectrum_of, spectrum_rows, spectrum_takeaway
from app.work.jobs import JobContext

ROWS, COLUMNS = 48, 64
LAYOUT = Layout.from_shapes({"stem.weight": (3,), "blocks.0.fc1.weight": (ROWS, COLUMNS)})
SEGMENT = segments(LAYOUT, ((0, LAYOUT.n_weights),))[1]


def found(*matrices, task=0):
    theta_0 = torch.zeros(LAYOUT.n_weights)
    weights = torch.stack([torch.cat([torch.ones(3), matrix.flatten()]) for matrix in matrices])
    tasks = [f"t{t}" for t in range(len(matrices))]
    vectors = task_vectors_in_place(theta_0, weights, tasks=tasks, layout=LAYOUT)
    spectrum = spectrum_of(vectors, f"t{task}", SEGMENT, name="fc1", shape=(ROWS, COLUMNS))
    return spectrum.compute(JobContext())


def noise(seed=0, rows=ROWS, columns=COLUMNS):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


def test_singular_values_are_those_of_the_one_task_and_the_one_matrix():
    spectrum = found(noise(0), noise(1), task=1)

    assert spectrum.values == pytest.approx(torch.linalg.svdvals(noise(1)).numpy(), rel=1e-4)


def test_random_matrix_beside_it_has_its_norm():
    spectrum = found(noise())

    assert (spectrum.null**2).sum() == pytest.approx((spectrum.values**2).sum())


def test_random_update_reads_no_fewer_than_chance():
    text = spectrum_takeaway(found(noise()))

    assert text.startswith("'t0' changes fc1 in effectively 42 of 48 directions, no fewer than chance: ")
    assert text.endswith("a random matrix of the same shape and norm has 42.")


def test_update_of_few_directions_reads_concentrated():
    text = spectrum_takeaway(found(noise(0, ROWS, 4) @ noise(1, 4, COLUMNS)))

    assert text == (
        "'t0' changes fc1 in effectively 4 of 48 directions, fewer than the 42 of a random matrix of the "
        "same shape and norm."
    )


def test_update_a_little_below_chance_is_not_called_concentrated():
    scales = torch.linspace(1.0, 0.45, ROWS)[:, None]
    spectrum = found(scales * noise())

    assert 0.9 < spectrum.effective_rank / spectrum.null_effective_rank < 0.98
    assert "no fewer than chance" in spectrum_takeaway(spectrum)


def test_ranks_stand_beside_those_of_the_random_matrix():
    spectrum = found(torch.eye(ROWS, COLUMNS))

    assert (spectrum.effective_rank, spectrum.stable_rank) == (pytest.approx(48), pytest.approx(48))
    assert spectrum.null_effective_rank < 48
    assert spectrum.null_stable_rank < 20


def test_matrix_a_task_left_alone_has_no_directions():
    spectrum = found(torch.zeros(ROWS, COLUMNS), noise())

    assert spectrum_takeaway(spectrum) == "'t0' did not change fc1."
    assert np.isfinite(spectrum.null).all()


def test_table_has_a_row_per_direction():
    spectrum = found(noise())

    rows = spectrum_rows(spectrum)

    assert [row["direction"] for row in rows] == list(range(1, ROWS + 1))
    assert (rows[0]["sigma"], rows[0]["random"]) == (spectrum.values[0], spectrum.null[0])
