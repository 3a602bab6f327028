import pytest

from app.words.durations import about


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "about 1 s"),
        (9.4, "about 9 s"),
        (9.6, "about 10 s"),
        (54.9, "about 55 s"),
        (55, "about 1 min"),
        (89, "about 1 min"),
        (3299, "about 55 min"),
        (3300, "about 1 h"),
        (5400, "about 1.5 h"),
        (9.6 * 3600, "about 10 h"),
    ],
)
def test_a_duration_has_as_many_digits_as_a_guess_deserves(seconds, words):
    assert about(seconds).replace("\xa0", " ") == words
