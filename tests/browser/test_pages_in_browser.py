import shutil

import pytest
from playwright.sync_api import expect

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_methods
from app.registry import pages
from app.words.recipe_text import recipe_to_link
from tests.browser.conftest import ARTEFACTS
from tests.browser.contrast import faint_texts
from tests.browser.screen import address_of, figures, words_of
from tests.parquet_on_disk import write_parquet
from tests.zoo_layouts import hugging_face_clips
from tests.zoo_on_disk import TASKS

_STYLED = "() => getComputedStyle(document.querySelector('.stMainBlockContainer')).maxWidth === '1680px'"
_FITS = "() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth"
# The button that opens the menu on a narrow window, and the title.
_COVERED = """
() => {
  const button = document.querySelector('[data-testid=stExpandSidebarButton]')?.getBoundingClientRect();
  const title = document.querySelector('h1').getBoundingClientRect();
  return Boolean(button) && button.bottom > title.top && button.right > title.left;
}
"""
# Charts with numbers behind the buttons that appear when one points at them.
_BEHIND = """
() => [...document.querySelectorAll('.stPlotlyChart')].filter(
  chart => chart.querySelector('.modebar').getBoundingClientRect().bottom > chart.getBoundingClientRect().top
).length
"""
_CUT = """
formula => [...formula.querySelectorAll('.katex-html .base')].some(
  part => part.getBoundingClientRect().right > formula.getBoundingClientRect().right + 1
)
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 900, 600])
def test_every_page_draws_in_either_theme_and_fits_the_window(width, theme, open_tab, demo):
    ARTEFACTS.mkdir(exist_ok=True)
    for page in pages():
        tab = open_tab(f"{demo.address}{'' if page.is_default else page.address}", width=width, theme=theme)

        expect(tab.get_by_role("heading", name=page.title, exact=True)).to_be_visible()
        if page.is_default:
            figures(tab)
        expect(tab.locator("[data-test-script-state=notRunning]")).to_be_visible()
        expect(tab.get_by_test_id("stException")).to_have_count(0)
        expect(tab.get_by_test_id("stSkeleton")).to_have_count(0)
        tab.wait_for_function(_STYLED)
        tab.screenshot(path=ARTEFACTS / f"{page.address}-{width}-{theme}.png")

        assert tab.evaluate(_FITS)
        assert not tab.evaluate(_COVERED)
        assert tab.evaluate(_BEHIND) == 0
        assert faint_texts(tab) == {}
        tab.context.close()


def test_back_takes_one_press_a_page(open_tab, tiny):
    tab = open_tab(tiny.address)
    figures(tab)
    for title in ("Sign conflicts", "Map"):
        tab.get_by_role("link", name=title).click()
        _arrive(tab, title)

    for title in ("Sign conflicts", "Merge lab"):
        tab.go_back()
        _arrive(tab, title)


def _arrive(tab, title):
    """Wait until a page is there and has written its address."""
    tab.wait_for_function("title => document.querySelector('h1')?.innerText === title", arg=title)
    tab.wait_for_function(
        "path => location.pathname === path && location.search.includes('r=')",
        arg="/" if title == "Merge lab" else f"/{title.lower().replace(' ', '-')}",
    )
    expect(tab.locator("[data-test-script-state=notRunning]")).to_be_visible()


def test_page_at_the_root_has_its_name_as_an_address_too(open_tab, tiny):
    recipe = recipe_to_link(Recipe.from_mapping({"scaling": 0.7, "method": "average"}, tasks=TASKS))

    tab = open_tab(f"{tiny.address}merge-lab?r={recipe}")

    figures(tab)
    assert words_of(tab)["r"] == recipe
    expect(tab.get_by_text("Page not found")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 900])
def test_formula_is_never_cut(width, open_tab, tiny):
    scales = (
        {"scaling": 0.31},
        {"lines": {"alpha": 0.123, "beta": 0.123}},
        {"curve": {"outside": 0, "blocks": [0.1] * 3}},
    )
    for method in merge_methods():
        for scale in scales:
            recipe = Recipe.from_mapping({"method": method, **scale}, tasks=TASKS)
            tab = open_tab(f"{tiny.address}?r={recipe_to_link(recipe)}", width=width)
            formula = tab.locator(".katex-display").first
            formula.wait_for()
            assert "r=" in address_of(tab)
            assert not formula.evaluate(_CUT), (method, scale)
            tab.context.close()


def test_charts_follow_the_systems_theme_when_it_changes(open_tab, tiny):
    tab = open_tab(f"{tiny.address}update-norms", theme="light")
    # A chart being drawn again has no labels for a moment, so none is no colour to compare.
    ink = """() => {
        const label = document.querySelector('.js-plotly-plot .ytick text')
        return label && getComputedStyle(label).fill
    }"""
    light = tab.wait_for_function(ink).json_value()

    tab.emulate_media(color_scheme="dark")

    tab.wait_for_function(f"light => ![null, light].includes(({ink})())", arg=light)


def test_a_folder_of_models_with_images_becomes_a_zoo_and_the_lab_answers(open_tab, tiny):
    """Six steps at most: the folder, the button, the lab."""
    models = tiny.zoo / "models"
    models.mkdir()
    for name in ("base", "deep", "shallow"):
        shutil.copy(tiny.zoo / f"{name}.safetensors", models / f"{name}.safetensors")
    shutil.copy(tiny.zoo / "heads.safetensors", models / "heads.safetensors")
    for task in ("deep", "shallow"):
        shutil.copy(tiny.zoo / f"{task}_val.safetensors", models / f"{task}_val.safetensors")
    shutil.copy(tiny.zoo / "config.json", models / "config.json")
    tab = open_tab(f"{tiny.address}library")

    folder = tab.get_by_label("Folder with a zoo.toml")
    folder.fill(str(models))
    folder.press("Enter")
    tab.get_by_role("button", name="Write zoo.toml and open").click()
    expect(tab.get_by_role("heading", name="models", exact=True)).to_be_visible()
    tab.get_by_role("link", name="Merge lab").first.click()

    expect(tab.get_by_text("Mean accuracy").first).to_be_visible()
    # While the chart is drawn anew, the old one stands beside it for a moment.
    expect(tab.locator(".st-key-merge_lab-dumbbells .js-plotly-plot").last).to_be_visible()


def test_a_folder_of_hugging_face_clips_with_parquet_images_becomes_a_zoo_and_the_lab_answers(open_tab, tiny):
    """The same steps; heads are made by the text tower, for the classes that the files name."""
    models = hugging_face_clips(tiny.zoo / "clips")
    for task in ("cars", "dtd"):
        for split in ("validation", "test"):
            path = models / "data" / task / "data" / f"{split}-00000-of-00001.parquet"
            write_parquet(path, [0, 1, 2] * 4, names=["red car", "blue car", "tree"])
    tab = open_tab(f"{tiny.address}library")

    folder = tab.get_by_label("Folder with a zoo.toml")
    folder.fill(str(models))
    folder.press("Enter")
    tab.get_by_role("button", name="Write zoo.toml and open").click()
    expect(tab.get_by_role("heading", name="clips", exact=True)).to_be_visible()
    tab.get_by_role("link", name="Merge lab").first.click()

    expect(tab.get_by_text("Mean accuracy").first).to_be_visible()
    # While the chart is drawn anew, the old one stands beside it for a moment.
    expect(tab.locator(".st-key-merge_lab-dumbbells .js-plotly-plot").last).to_be_visible()
