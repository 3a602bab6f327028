import pytest

from app.views.lines.best import best_of, best_said, held_out, sweep_takeaway
from app.views.lines.sweep import Kind
from tests.made_runs import made_run

N = 200


def run(n_right, *, first_half=None):
    """A run with so many images of each half right; of the first half otherwise if said so."""
    first = n_right if first_half is None else first_half
    half = N // 2
    outcome = "1" * first + "0" * (half - first) + "1" * n_right + "0" * (half - n_right)
    return made_run({"digits": outcome, "shapes": outcome})


def swept(lines, constant, reversed_, betas=(0.3, 0.6)):
    return {
        (kind, beta): one
        for kind, runs in zip(Kind, (lines, constant, reversed_), strict=True)
        for beta, one in zip(betas, runs, strict=False)
    }


def test_best_beta_comes_with_those_not_told_from_it():
    results = swept(
        [run(40), run(90), run(90, first_half=89)], [run(95)] * 3, [run(10)] * 3, betas=(0.2, 0.4, 0.6)
    )

    best = best_of(results, Kind.LINES)

    assert (best.beta, best.accuracy, best.n_tried) == (0.4, 0.9, 3)
    assert best.alike == (0.4, 0.6)
    assert best_of({(Kind.CONSTANT, 0.6): run(1)}, Kind.LINES) is None


def test_smallest_of_equally_good_betas_is_best():
    assert best_of(swept([run(50), run(50)], [], []), Kind.LINES).beta == 0.3


def test_beta_is_chosen_on_one_half_and_scored_on_the_other():
    # On the first half 0.6 is far better; on the second it is far worse, and only that is reported.
    lucky = run(20, first_half=90)
    results = swept([run(60), lucky], [run(50), run(50)], [run(50), run(50)])

    found = held_out(results)

    assert found.betas[Kind.LINES] == 0.6
    assert found.over[Kind.CONSTANT].value == pytest.approx(-0.3)


def test_every_kind_is_compared_at_its_own_best():
    results = swept([run(60), run(70)], [run(80), run(10)], [run(10), run(20)])

    found = held_out(results)

    assert found.betas == {Kind.LINES: 0.6, Kind.CONSTANT: 0.3, Kind.REVERSED: 0.6}
    assert found.over[Kind.CONSTANT].value == pytest.approx(-0.1)
    assert found.over[Kind.REVERSED].value == pytest.approx(0.5)


def test_takeaway_says_that_lines_earns_its_depth_where_it_does():
    said = sweep_takeaway(swept([run(60), run(90)], [run(50), run(40)], [run(30), run(20)]))

    assert said.startswith("LiNeS is above a constant λ of equal size (+40 points, ")
    assert "; LiNeS is above the reversed ramp (+60 points, " in said


def test_takeaway_reports_no_difference_to_a_constant_and_a_loss_to_the_reversed_ramp():
    said = sweep_takeaway(swept([run(50), run(51)], [run(51), run(50)], [run(90), run(90)]))

    assert said.startswith(
        "No significant difference between LiNeS and a constant λ of equal size (0.0 points"
    )
    assert "; LiNeS is below the reversed ramp (−39 points, " in said


def test_takeaway_waits_for_two_betas_of_every_kind():
    half_measured = swept([run(60), run(90)], [run(50)], [run(30)])

    assert "Too little" in sweep_takeaway(half_measured)
    assert "Too little" in sweep_takeaway({})
    assert "Too little" in sweep_takeaway(swept([run(60), run(90)], [], []))


def test_single_images_cannot_be_halved():
    one = made_run({"digits": "1"})

    assert held_out(swept([one, one], [one, one], [one, one])) is None


def test_best_is_said_with_how_many_were_tried_and_what_is_alike():
    near = run(90, first_half=89)
    said = best_said(swept([run(40), run(90), near], [run(50)] * 3, [near] * 3, betas=(0.2, 0.4, 0.6)))

    best, others = said.split(". At this β: ")
    assert best == (
        "Best of 3 β tried, on all images: 0.4, with 90.0\xa0%; "
        "no significant difference from 1 of the others, between 0.4 and 0.6"
    )
    assert others.startswith("LiNeS is above a constant λ of equal size (+40.0 points, ")
    assert "; no significant difference between LiNeS and the reversed ramp (+0.5 points, " in others


def test_clear_best_has_nothing_alike():
    said = best_said(swept([run(40), run(90)], [], []))

    assert said == "Best of 2 β tried, on all images: 0.6, with 90.0\xa0%."
    assert best_said({}) == ""


def test_best_without_a_ramp_is_compared_with_nothing():
    assert "There it is" not in best_said(swept([run(90)], [run(90)], [run(90)], betas=(0.0,)))
