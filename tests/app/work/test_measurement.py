from app.work.jobs import JobContext
from app.work.measurement import Measurement, together


def known(value):
    return Measurement(value, lambda _: value, lambda: value)


def test_a_measurement_is_not_known_unless_it_says_so():
    assert Measurement(1, lambda _: 2).find() is None


def test_several_are_known_together_when_each_is():
    both = together("both", [known(1), known(2)])

    assert both.find() == both.compute(JobContext()) == (1, 2)
    assert both.key == "both"
    assert together("both", [known(1), Measurement(2, lambda _: 2)]).find() is None
