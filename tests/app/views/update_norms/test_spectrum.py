import numpy as np
import pytest
import torch

from analysis.model.layout import Layout
from analysis.model.segments import segments
from app.views.update_norms.spectrum import (
    is_concentrated,
    spectrum_of,
    spectrum_rows,
    spectrum_takeaway,
)
from app.work.jobs import JobContext
from tests.vectors_of_weights import vectors_of_weights

ROWS, COLUMNS = 48, 64
LAYOUT = Layout.from_shapes({"stem.weight": (3,), "blocks.0.fc1.weight": (ROWS, COLUMNS)})
SEGMENT = segments(LAYOUT, ((0, LAYOUT.n_weights),))[1]


def found(*matrices, task=0):
    theta_0 = torch.zeros(LAYOUT.n_weights)
    weights = torch.stack([torch.cat([torch.ones(3), matrix.flatten()]) for matrix in matrices])
    tasks = [f"t{t}" for t in range(len(matrices))]
    vectors = vectors_of_weights(theta_0, weights, tasks=tasks, layout=LAYOUT)
    spectrum = spectrum_of(vectors, f"t{task}", SEGMENT, name="fc1", shape=(ROWS, COLUMNS))
    return spectrum.compute(JobContext())


def noise(seed=0, rows=ROWS, columns=COLUMNS):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


def test_singular_values_are_those_of_the_one_task_and_the_one_matrix():
    spectrum = found(noise(0), noise(1), task=1)

    assert spectrum.values == pytest.approx(torch.linalg.svdvals(noise(1)).numpy(), rel=1e-4)


def test_null_has_the_update_s_magnitudes_with_other_signs():
    spectrum = found(noise())

    assert (spectrum.null**2).sum() == pytest.approx((spectrum.values**2).sum())
    assert spectrum.null != pytest.approx(spectrum.values, rel=1e-3)


@pytest.mark.parametrize("kind", ["Gaussian", "t2", "Cauchy", "1 %", "one scale a row"])
def test_independent_entries_are_never_told_as_few_directions(kind):
    generator = torch.Generator().manual_seed(5)
    for seed in range(12):
        matrix = noise(seed)
        if kind == "t2":
            matrix = matrix / torch.empty(ROWS, COLUMNS).exponential_(generator=generator).sqrt()
        elif kind == "Cauchy":
            matrix = matrix / noise(seed + 100)
        elif kind == "1 %":
            matrix = torch.where(torch.rand(ROWS, COLUMNS, generator=generator) < 0.01, matrix, 0.0)
        elif kind == "one scale a row":
            matrix = matrix * (2 * noise(seed + 100, columns=1)).exp()

        assert not is_concentrated(found(matrix))


def test_random_update_reads_no_fewer_than_chance():
    text = spectrum_takeaway(found(noise()))

    assert text.startswith("'t0' changes fc1 in effectively 42 of 48 directions, no fewer than chance: ")
    assert text.endswith("the same magnitudes with random signs have 42.")


def test_update_of_few_directions_reads_concentrated():
    text = spectrum_takeaway(found(noise(0, ROWS, 4) @ noise(1, 4, COLUMNS)))

    assert text == (
        "'t0' changes fc1 in effectively 4 of 48 directions, fewer than the 37 of the same magnitudes "
        "with random signs."
    )


def test_update_a_little_below_chance_is_not_called_concentrated():
    spectrum = found(noise() + 0.25 * noise(1, ROWS, 4) @ noise(2, 4, COLUMNS))

    assert 0.9 < spectrum.effective_rank / spectrum.null_effective_rank < 0.98
    assert "no fewer than chance" in spectrum_takeaway(spectrum)


def test_ranks_stand_beside_those_with_random_signs():
    spectrum = found(noise(0, ROWS, 4) @ noise(1, 4, COLUMNS))

    assert (spectrum.effective_rank, spectrum.stable_rank) == (
        pytest.approx(4, rel=0.1),
        pytest.approx(3, abs=0.7),
    )
    assert spectrum.null_effective_rank > 35
    assert spectrum.null_stable_rank > 7


def test_matrix_a_task_left_alone_has_no_directions():
    spectrum = found(torch.zeros(ROWS, COLUMNS), noise())

    assert spectrum_takeaway(spectrum) == "'t0' did not change fc1."
    assert np.isfinite(spectrum.null).all()


def test_table_has_a_row_per_direction():
    spectrum = found(noise())

    rows = spectrum_rows(spectrum)

    assert [row["direction"] for row in rows] == list(range(1, ROWS + 1))
    assert (rows[0]["sigma"], rows[0]["random"]) == (spectrum.values[0], spectrum.null[0])
