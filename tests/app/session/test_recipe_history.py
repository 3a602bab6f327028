from hypothesis import given
from hypothesis import strategies as st

from analysis.merge.recipe import Recipe
from app.session.recipe_history import LONGEST, RecipeHistory


def recipe(scaling):
    return Recipe.from_mapping({"scaling": scaling}, tasks=("digits",))


A, B, C = recipe(0.1), recipe(0.2), recipe(0.3)


def test_undo_and_redo_walk_the_line():
    history = RecipeHistory((A,)).with_next(B).with_next(C)

    assert history.undone().current == B
    assert history.undone().undone().current == A
    assert history.undone().redone().current == C


def test_ends_of_the_line_stay_where_they_are():
    history = RecipeHistory((A,)).with_next(B)

    assert history.redone() == history
    assert history.undone().undone() == history.undone()
    assert (history.can_undo, history.can_redo) == (True, False)
    assert (history.undone().can_undo, history.undone().can_redo) == (False, True)


def test_a_new_recipe_forgets_what_was_undone():
    history = RecipeHistory((A,)).with_next(B).undone().with_next(C)

    assert history.recipes == (A, C)
    assert not history.can_redo


def test_the_same_recipe_again_is_no_step():
    history = RecipeHistory((A,)).with_next(B).undone()

    assert history.with_next(recipe(0.1)) is history
    assert history.can_redo


def test_the_oldest_recipes_are_forgotten():
    history = RecipeHistory((recipe(0.0),))
    for step in range(1, LONGEST + 5):
        history = history.with_next(recipe(float(step)))

    assert len(history.recipes) == LONGEST
    assert history.recipes[0] == recipe(5.0)
    assert history.current == recipe(float(LONGEST + 4))


@given(st.lists(st.one_of(st.floats(0, 3), st.sampled_from(["undo", "redo"])), max_size=30))
def test_one_always_stands_on_the_line(steps):
    history = RecipeHistory((A,))
    for step in steps:
        if isinstance(step, float):
            history = history.with_next(recipe(step))
            assert history.current == recipe(step)
        else:
            history = history.undone() if step == "undo" else history.redone()
        assert 0 <= history.position < len(history.recipes)
