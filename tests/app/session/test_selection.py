import pytest

from app.session.selection import Selection


@pytest.fixture
def selection():
    return Selection(tasks=["b", "a", "c"], places=["visual:stem", "visual:0"], components=["norm"])


def test_nothing_is_chosen_at_first(selection):
    assert (selection.task, selection.pair, selection.place, selection.component) == (None, None, None, None)
    assert selection.words == {}


def test_a_pair_is_the_same_however_it_was_clicked(selection):
    selection.choose_pair("a", "b")
    word = selection.words["pair"]
    selection.choose_pair("b", "a")

    assert selection.pair == ("b", "a")
    assert selection.words["pair"] == word


def test_pairs_of_names_that_look_alike_when_joined_are_told_apart():
    selection = Selection(tasks=["a", "a~b", "b~c", "c", "a%7Eb"], places=[], components=[])
    words = {}
    for i, a in enumerate(selection.tasks):
        for b in selection.tasks[i + 1 :]:
            selection.choose_pair(a, b)
            assert selection.pair == (a, b)
            words[selection.words["pair"]] = a, b

    assert len(words) == 10


def test_a_task_with_itself_is_a_task_and_no_pair(selection):
    selection.choose_pair("a", "a")

    assert (selection.task, selection.pair) == ("a", None)


@pytest.mark.parametrize(
    "words", [{"task": "z"}, {"pair": "a~z"}, {"pair": "a"}, {"layer": "visual:9"}, {"component": ""}]
)
def test_words_of_another_zoo_choose_nothing(selection, words):
    selection.take(words)

    assert (selection.task, selection.pair, selection.place, selection.component) == (None, None, None, None)


@pytest.mark.parametrize(("word", "number"), [("0.4", 0.4), ("0", 0.0), ("2", 0.2), ("nan", 0.2), ("x", 0.2)])
def test_a_number_that_makes_no_sense_is_the_default(selection, word, number):
    selection.take({"trim": word})

    assert selection.number("trim", 0.2, low=0.0, high=1.0) == number


def test_inputs_are_drawn_again_only_when_a_choice_came_from_elsewhere(selection):
    selection.set("trim", "0.3")
    own = selection.revision
    selection.take({"trim": "0.3"})
    same = selection.revision
    selection.take({"trim": "0.4"})

    assert (own, same, selection.revision) == (0, 0, 1)


def test_a_default_leaves_the_address(selection):
    selection.set("trim", "0.3")
    selection.set("trim", None)

    assert selection.words == {}
