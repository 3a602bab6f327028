from cache.turns import Turns


def test_a_key_is_forgotten_once_it_is_released():
    turns = Turns()

    with turns.of("a"), turns.of("b"):
        assert len(turns) == 2

    assert len(turns) == 0
