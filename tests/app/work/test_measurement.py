from app.work.measurement import Measurement


def test_a_measurement_is_not_known_unless_it_says_so():
    assert Measurement(1, lambda _: 2).find() is None
