import numpy as np
import pytest

from analysis.masks.knock_out import Removal
from analysis.masks.multi_task_vector import Vector
from analysis.model.scope import Scope
from app.bench.evaluator import Predictions
from app.bench.mask_statistics import MaskSettings
from app.views.tall_masks.knock_outs import (
    DRAWS,
    Against,
    edge_note,
    knock_out_plan,
    knock_out_rows,
    knock_out_takeaway,
    knock_outs,
    removal_hover,
    removal_name,
    removed_again,
    removed_again_note,
)
from app.views.tall_masks.masked_updates import MaskedUpdates
from app.work.jobs import JobContext

GRID = (0.2, 0.4, 0.6)
N = 400


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def answers(chosen, reported):
    """Predictions of one task, right for these shares of the halves."""
    half = N // 2
    correct = np.concatenate([np.arange(half) < share * half for share in (chosen, reported)])
    zeros = np.zeros(N, np.float32)
    return {"a": Predictions("a", np.ones(N, dtype=np.int64), correct.astype(np.int64), zeros, zeros)}


def measured(*, itself, draws, whole=0.80):
    """Every removal, best at λ = 0.4 with `itself` on the reporting half, and its draws."""
    found: dict[tuple[Removal | None, int | None, float], dict[str, Predictions]] = {}
    for removal in (None, *Removal):
        mine = whole if removal is None else itself
        for scaling in GRID:
            drop = 0.0 if scaling == 0.4 else 0.1
            found[removal, None, scaling] = answers(0.7 - drop, mine - drop)
            if removal is not None:
                for draw, value in enumerate(draws):
                    found[removal, draw, scaling] = answers(0.7 - drop, value - drop)
    return found


@pytest.mark.parametrize(
    ("itself", "expected"),
    [
        (0.50, "costs more accuracy than any of 10 random removals"),
        (0.75, "shows no significant difference from random removals"),
        (0.95, "costs less accuracy than any of 10 random removals"),
        # Outside of the band by one image, which is not significant.
        (0.715, "shows no significant difference from random removals"),
        (0.785, "shows no significant difference from random removals"),
    ],
)
def test_removal_is_judged_against_the_band_of_random_draws(itself, expected):
    found = knock_outs(measured(itself=itself, draws=[0.72] * 5 + [0.78] * 5), GRID)

    assert knock_out_takeaway(found) == (
        "With every merge at its own best scale, removing selfish weights, catastrophic weights or both "
        f"kinds {expected}."
    )


def test_removals_with_different_verdicts_have_clauses_of_their_own():
    cells = measured(itself=0.75, draws=[0.72, 0.78] * 5)
    cells[Removal.BOTH, None, 0.4] = answers(0.7, 0.4)

    assert knock_out_takeaway(knock_outs(cells, GRID)) == (
        "With every merge at its own best scale, removing selfish weights or catastrophic weights shows no "
        "significant difference from random removals; removing both kinds costs more accuracy than any of 10 "
        "random removals."
    )


def test_nothing_is_judged_before_all_draws_are_measured():
    few = knock_outs(measured(itself=0.5, draws=[0.75] * 9), GRID)
    none = knock_outs(measured(itself=0.5, draws=[]), GRID)

    assert knock_out_takeaway(few).startswith(f"Not known yet: 9 of {DRAWS} random removals")
    assert knock_out_takeaway(none).startswith(f"Not known yet: 0 of {DRAWS} random removals")
    assert none[1].own.control is None


def test_scaling_is_chosen_on_one_half_and_reported_on_the_other():
    cells = measured(itself=0.5, draws=[0.5] * DRAWS)
    cells[Removal.SELFISH, None, 0.6] = answers(0.9, 0.3)

    selfish = knock_outs(cells, GRID)[1]

    assert (selfish.removal, selfish.own.scaling, selfish.own.accuracy.value) == (Removal.SELFISH, 0.6, 0.3)
    assert (selfish.same.scaling, selfish.same.accuracy.value) == (0.4, 0.5)
    assert selfish.own.is_at_edge
    assert edge_note(knock_outs(cells, GRID)) == (
        "Best at the smallest or largest scale tried, so perhaps better beyond it: without selfish weights."
    )
    assert edge_note(knock_outs(measured(itself=0.5, draws=[]), GRID)) == ""


def test_every_control_has_its_own_best_scaling_and_shares_the_common_one():
    cells = measured(itself=0.5, draws=[0.5] * DRAWS)
    cells[Removal.SELFISH, 3, 0.2] = answers(0.95, 0.45)

    selfish = knock_outs(cells, GRID)[1]

    assert (selfish.own.control.low, selfish.own.control.high) == (0.45, 0.5)
    assert (selfish.same.control.low, selfish.same.control.high) == (0.5, 0.5)
    assert selfish.own.control.against is Against.NO_DIFFERENCE


def test_removal_with_gaps_in_its_grid_is_left_out():
    cells = measured(itself=0.5, draws=[0.5])
    del cells[Removal.CATASTROPHIC, None, 0.2]
    del cells[Removal.SELFISH, 0, 0.6]

    found = knock_outs(cells, GRID)

    assert [one.removal for one in found] == [None, Removal.SELFISH, Removal.BOTH]
    assert found[1].own.control is None
    assert found[2].own.control.n == 1
    assert knock_outs({}, GRID) == ()


def test_table_has_both_scalings_of_every_removal():
    rows = knock_out_rows(knock_outs(measured(itself=0.5, draws=[0.6, 0.7]), GRID))

    assert len(rows) == 8
    assert rows[0]["removed"] == "nothing"
    assert rows[0]["draws"] == 0
    assert (rows[3]["random, lowest"], rows[3]["random, highest"], rows[3]["draws"]) == (0.6, 0.7, 2)
    assert removal_name(None) == "nothing removed"


def test_hover_gives_the_random_removals_once_there_are_any():
    selfish = knock_outs(measured(itself=0.5, draws=[0.6, 0.7]), GRID)[1]
    alone = knock_outs(measured(itself=0.5, draws=[]), GRID)[1]

    text = "without selfish weights, scale 0.4: 50.0 %"
    assert (
        plain(removal_hover(selfish.removal, selfish.own)) == f"{text}\n2 random removals: 60.0 % to 70.0 %"
    )
    assert plain(removal_hover(alone.removal, alone.own)) == text


def test_weights_that_random_removals_take_as_well_are_shares_of_each_kind():
    shares = {Removal.SELFISH: 0.38, Removal.CATASTROPHIC: 0.14, Removal.BOTH: 0.4}

    assert plain(removed_again_note(shares)) == (
        "On average, a random removal takes 38 % of the selfish weights, 14 % of the catastrophic weights "
        "and 40 % of both kinds as well."
    )
    assert removed_again_note({}) == ""


def test_shares_removed_again_are_those_of_the_masked_updates(bench):
    settings, context = MaskSettings(Scope.CHANGED, Vector.SUM, (0.4,) * 3), JobContext()
    updates = MaskedUpdates(bench, settings.scope, settings.vector)

    measurement = removed_again(bench, settings)

    expected = {removal: updates.expected_overlap(settings, removal, context) for removal in Removal}
    assert measurement.key == settings
    assert measurement.compute(context) == {
        removal: share for removal, share in expected.items() if share is not None
    }


def test_plan_has_the_removals_first_and_finds_them_again(bench):
    settings = MaskSettings(Scope.CHANGED, Vector.SUM, (0.4,) * 3)
    plan = knock_out_plan(bench, settings, (0.3, 0.6), bench.tasks)

    assert len(plan) == 2 * (4 + 3 * DRAWS)
    assert all(draw is None for _, draw, _ in list(plan)[:8])
    few = [list(plan.values())[n] for n in (0, 2, 8)]
    results = [one.compute(JobContext()) for one in few]
    assert set(results[0]) == set(bench.tasks)
    for one, result in zip(few, results, strict=True):
        assert {t: p.prediction.tolist() for t, p in one.find().items()} == {
            t: p.prediction.tolist() for t, p in result.items()
        }
