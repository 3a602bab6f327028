from app.work.measurement import Measurement


def test_a_measurement_is_not_known_without_a_way_to_find_it():
    assert Measurement(1, lambda _: 2).find() is None


def test_nobody_knows_what_a_measurement_takes_unless_it_says_so():
    assert Measurement(1, lambda _: 2).seconds() is None
