import pytest
from playwright.sync_api import expect

from analysis.scaling import Constant
from tests.browser.conftest import environment
from tests.browser.screen import evaluated, figures, press, recipe_in, slider_named

pytestmark = pytest.mark.timeout(600)


def test_every_accuracy_on_the_screen_is_the_one_evaluate_gives_for_the_address(open_tab, demo, tmp_path):
    page = open_tab(demo.address)
    figures(page)

    press(page, "λ", *["ArrowRight"] * 5)
    shown = figures(page)

    recipe = recipe_in(shown["address"], demo.zoo)
    told = evaluated(demo.zoo, recipe, tmp_path, environment(tmp_path))
    scores = {score["task"]: score["accuracy"] for score in told["tasks"] + told["controls"]}
    assert recipe.scale == Constant(0.35)
    assert shown["accuracies"] == scores
    assert shown["printed"] == [f"{100 * accuracy:.1f}" for accuracy in scores.values()]
    mean = page.get_by_test_id("stMetricValue").first
    expect(mean).to_have_text(f"{100 * told['mean']['accuracy']:.1f} %")


def test_copied_link_shows_the_same_recipe_with_the_same_numbers(open_tab, demo):
    first = open_tab(demo.address)
    figures(first)
    press(first, "colours", "ArrowLeft", "ArrowLeft")
    press(first, "λ", "ArrowRight")
    shown = figures(first)

    second = open_tab(shown["address"])

    again = figures(second)
    assert recipe_in(again["address"], demo.zoo) == recipe_in(shown["address"], demo.zoo)
    assert again["accuracies"] == shown["accuracies"]
    assert again["printed"] == shown["printed"]
    expect(slider_named(second, "colours")).to_have_value("0.9")


def test_reloaded_page_keeps_its_recipe(open_tab, demo):
    page = open_tab(demo.address)
    figures(page)
    press(page, "λ", "ArrowRight", "ArrowRight")
    shown = figures(page)

    page.reload()

    assert figures(page) == shown
