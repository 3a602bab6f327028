import pytest

from app.bench.pace import LATEST, Pace, Timing


def test_nobody_knows_before_anything_was_measured():
    assert Pace().seconds("ties", 100) is None


def test_time_is_that_of_the_merge_and_of_each_image():
    pace = Pace([Timing("ties", 0.5, 2.0, 1000)])

    assert pace.seconds("ties", 500) == pytest.approx(0.5 + 1.0)


def test_kinds_differ_in_their_merge_and_an_unknown_one_is_the_mean_of_the_known():
    pace = Pace([Timing("ties", 0.5, 1.0, 100), Timing("average", 0.1, 1.0, 100)])

    assert pace.seconds("average", 100) == pytest.approx(1.1)
    assert pace.seconds("knock-out", 100) == pytest.approx(1.3)


def test_later_measurements_correct_the_first():
    pace = Pace([Timing("ties", 10.0, 10.0, 100)])
    for _ in range(40):
        pace.add(Timing("ties", 1.0, 1.0, 100))

    assert pace.seconds("ties", 100) == pytest.approx(2.0, rel=0.01)
    assert 0 < LATEST < 1


def test_a_merge_without_images_says_nothing_about_evaluation():
    pace = Pace([Timing("ties", 1.0, 0.0, 0)])

    assert pace.seconds("ties", 100) is None
