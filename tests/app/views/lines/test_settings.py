import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines
from app.session.selection import Selection
from app.views.lines.settings import ALPHA, BETA, RULE, merge_titles, merge_to_scale, settings_of
from tests.made_profiles import made_profile

TASKS = ("a", "b", "c")


def settings(scale, words=None, *, rule=0.25):
    """The settings of a merge with this scale, of which the rule gives α, with these words chosen."""
    selection = Selection(tasks=TASKS, places=[], components=[])
    selection.take(words or {})
    merge = Recipe("task_arithmetic", {}, {"a": 1.0, "b": 0.0, "c": 1.0}, scale)
    return settings_of(selection, merge, made_profile([1.0, 2.0], alpha=rule))


def test_labs_merge_is_offered_with_its_method_beside_two_others():
    lab = Recipe.from_mapping({"method": "ties", "scaling": 0.3}, tasks=TASKS)

    titles = merge_titles(lab)

    assert list(titles) == ["lab", "task_arithmetic", "ties"]
    assert titles["lab"] == f"From the lab: {titles['ties']}"


def test_lab_gives_its_own_recipe_and_a_method_takes_every_task():
    lab = Recipe.from_mapping({"weights": {"a": 0.0}, "scaling": 0.3}, tasks=TASKS)

    assert merge_to_scale("lab", lab, TASKS) is lab
    assert merge_to_scale("ties", lab, TASKS) == Recipe.from_mapping(
        {"method": "ties", "scaling": 1.0}, tasks=TASKS
    )


def test_alpha_is_the_rules_where_nothing_else_is_chosen():
    found = settings(Constant(0.3))

    assert found.scale.alpha is None
    assert found.alpha == 0.25
    assert found.factors.blocks["visual"] == pytest.approx((0.25, 0.25 + found.scale.beta))


def test_recipe_with_lines_brings_its_ends_and_the_page_may_change_them():
    assert settings(Lines(0.1, 0.9)).scale == Lines(0.1, 0.9)
    assert settings(Lines(0.1, 0.9), {ALPHA: "0.2", BETA: "0.7"}).scale == Lines(0.2, 0.7)
    assert settings(Lines(0.1, 0.9), {ALPHA: RULE}).scale == Lines(None, 0.9)


def test_alpha_without_a_rule_is_a_number():
    assert settings(Lines(None, 0.5), rule=None).scale == Lines(0.3, 0.5)


def test_settings_know_the_method_and_who_takes_part():
    found = settings(Lines(0.1, 0.9))

    assert found.is_linear
    assert found.n_tasks == 2
    assert found.recipe.scale == found.scale
