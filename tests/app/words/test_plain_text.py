import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words.plain_text import LONGEST_NAME, LONGEST_SENTENCE, plain, sentence, visible

ISOLATES = ("PDF", "LRI", "RLI", "FSI", "PDI")
any_text = st.text(st.characters(codec=None) | st.sampled_from("\x1b\x9b\n\r'\u202e\ud800 "))
NAMES = ["\x1b]0;owned\x07", "\x9b2J", "a\rb", "a\0b", "\u202eevil", "a\u2066b", "\ud800", "\x7f", "\u2028"]


def is_harmless(text):
    text.encode("utf-8")
    return not any(
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(letter) in ("LRE", "RLE", "LRO", "RLO", *ISOLATES)
        for letter in text.replace("\n", "").replace("\t", "")
    )


@given(any_text)
def test_no_text_reaches_a_terminal_that_it_could_steer(text):
    assert is_harmless(visible(text))
    assert is_harmless(sentence(text))
    assert is_harmless(plain(text))


@given(any_text)
def test_no_sentence_and_no_name_has_a_second_line_or_is_long(text):
    assert "\n" not in sentence(20 * text)
    assert len(sentence(20 * text)) <= LONGEST_SENTENCE
    assert not {"\n", "\t"} & set(plain(text))
    assert len(plain(20 * text)) <= 80


@given(any_text)
def test_json_still_means_what_it_meant(text):
    assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text


@pytest.mark.parametrize("name", NAMES)
def test_what_would_steer_a_terminal_is_written_as_its_code(name):
    assert is_harmless(plain(name))
    assert "\\u" in plain(name)


@pytest.mark.parametrize("name", ["größe", "数字", "🏴‍☠️", " A", "a\u00a0b", "it's"])
def test_ordinary_names_stay_as_they_are(name):
    assert plain(name) == visible(name) == name
    assert sentence(f"The zoo's task '{name}' has 3 images.") == f"The zoo's task '{name}' has 3 images."


@pytest.mark.parametrize("long", ["x" * 5000, "x " * 2500, "folder/" * 900 + "a.pt"])
def test_long_name_is_shortened_and_the_words_around_it_stay(long):
    shown = sentence(f"The zoo's file '{long}' is damaged; copy it again.")

    assert shown.startswith(f"The zoo's file '{long[:50]}")
    assert shown.endswith(f"{long[-50:]}' is damaged; copy it again.")
    assert len(shown) < LONGEST_NAME + 60


def test_prose_between_apostrophes_is_not_taken_for_a_name():
    text = f"The zoo's words {'go on and ' * 40}end at the task's name."

    assert sentence(text) == text


def test_message_of_many_names_keeps_its_beginning_and_its_advice():
    shown = sentence(f"Unknown: {', '.join(map(str, range(10_000)))}. Choose another.")

    assert len(shown) == LONGEST_SENTENCE
    assert shown.startswith("Unknown: 0, 1, 2")
    assert shown.endswith("9999. Choose another.")
