import pytest

from app.session.selection import Choices


@pytest.fixture
def choices():
    return Choices(tasks=["b", "a", "c"], places=["visual:stem", "visual:0"], components=["norm"])


def test_nothing_is_chosen_at_first(choices):
    assert (choices.task, choices.pair, choices.place, choices.component) == (None, None, None, None)
    assert choices.words == {}


def test_a_pair_is_the_same_however_it_was_clicked(choices):
    choices.choose_pair("a", "b")
    word = choices.words["pair"]
    choices.choose_pair("b", "a")

    assert choices.pair == ("b", "a")
    assert choices.words["pair"] == word


def test_a_task_with_itself_is_a_task_and_no_pair(choices):
    choices.choose_pair("a", "a")

    assert (choices.task, choices.pair) == ("a", None)


@pytest.mark.parametrize(
    "words", [{"task": "z"}, {"pair": "a~z"}, {"pair": "a"}, {"layer": "visual:9"}, {"component": ""}]
)
def test_words_of_another_zoo_choose_nothing(choices, words):
    choices.take(words)

    assert (choices.task, choices.pair, choices.place, choices.component) == (None, None, None, None)


@pytest.mark.parametrize(("word", "number"), [("0.4", 0.4), ("0", 0.0), ("2", 0.2), ("nan", 0.2), ("x", 0.2)])
def test_a_number_that_makes_no_sense_is_the_default(choices, word, number):
    choices.take({"trim": word})

    assert choices.number("trim", 0.2, low=0.0, high=1.0) == number


def test_inputs_are_drawn_anew_only_when_a_choice_came_from_elsewhere(choices):
    choices.set("trim", "0.3")
    own = choices.revision
    choices.take({"trim": "0.3"})
    same = choices.revision
    choices.take({"trim": "0.4"})

    assert (own, same, choices.revision) == (0, 0, 1)


def test_a_default_leaves_the_address(choices):
    choices.set("trim", "0.3")
    choices.set("trim", None)

    assert choices.words == {}
