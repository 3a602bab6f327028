import logging

import pytest

from app.errors import ZooError
from app.zoo.open_clip_errors import in_one_sentence


@pytest.mark.parametrize("kind", [AttributeError, ZeroDivisionError, MemoryError, RecursionError])
def test_any_error_becomes_one_sentence_and_the_log_has_all_of_it(kind, caplog):
    with (
        caplog.at_level(logging.INFO),
        pytest.raises(ZooError, match=r"^It cannot be built: no such thing\.$") as refused,
        in_one_sentence("It cannot be built"),
    ):
        raise kind("no\n  such thing.")

    assert isinstance(refused.value.__cause__, kind)
    assert kind.__name__ in caplog.text


def test_error_without_words_is_shown_as_the_line_that_raised_it():
    with pytest.raises(ZooError) as refused, in_one_sentence("It cannot be built"):
        raise AssertionError

    assert str(refused.value) == "It cannot be built: raise AssertionError."


def test_long_reason_is_cut():
    with pytest.raises(ZooError) as refused, in_one_sentence("It cannot be built"):
        raise ValueError("word " * 1000)

    assert len(str(refused.value)) < 350


def test_sentence_of_ours_stays_and_a_stop_is_no_error():
    with pytest.raises(ZooError, match=r"^Ours$"), in_one_sentence("It cannot be built"):
        raise ZooError("Ours")
    with pytest.raises(KeyboardInterrupt), in_one_sentence("It cannot be built"):
        raise KeyboardInterrupt
