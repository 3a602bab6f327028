import pytest

from app.views.lines.best import best_of, held_out
from app.views.lines.comparison import Kind
from tests.made_runs import made_run
from tests.made_sweeps import run, swept


def test_best_beta_comes_with_those_without_a_significant_difference_from_it():
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

    assert found.chosen[Kind.LINES] == (Kind.LINES, 0.6)
    assert found.over[Kind.FREE].value == pytest.approx(-0.3)


def test_every_kind_is_compared_at_its_own_best():
    results = swept([run(60), run(70)], [run(80), run(10)], [run(10), run(20)])

    found = held_out(results)

    assert found.chosen == {
        Kind.LINES: (Kind.LINES, 0.6),
        Kind.FREE: (Kind.CONSTANT, 0.3),
        Kind.REVERSED: (Kind.REVERSED, 0.6),
    }
    assert found.over[Kind.FREE].value == pytest.approx(-0.1)
    assert found.over[Kind.REVERSED].value == pytest.approx(0.5)


def test_constants_of_any_size_are_tried_beside_those_of_equal_size():
    results = swept([run(60), run(70)], [run(80), run(10)], [run(10), run(20)])
    results |= {(Kind.FREE, 0.2): run(85), (Kind.FREE, 0.9): run(5)}

    found = held_out(results)

    assert found.chosen[Kind.FREE] == (Kind.FREE, 0.2)
    assert found.over[Kind.FREE].value == pytest.approx(-0.15)
    assert len(found.tried[Kind.FREE]) == 4
    assert [beta for _, beta in found.tried[Kind.LINES]] == [0.3, 0.6]


def test_single_images_cannot_be_halved():
    one = made_run({"digits": "1"})

    assert held_out(swept([one, one], [one, one], [one, one])) is None
