from app.work.measurement import Measurement


def test_a_measurement_is_not_known_without_a_way_to_find_it():
    assert Measurement(1, lambda _: 2).find() is None
