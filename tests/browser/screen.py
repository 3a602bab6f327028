"""What a person sees of the Merge lab in a browser, and how they move its sliders."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from analysis.merge.recipe import Recipe
from app.words.recipe_text import recipe_from_link, recipe_to_yaml
from app.zoo.zoo_file import read_zoo_file

SETTLED = 400
"""Milliseconds for which the numbers must stand still."""

# What is drawn, once every number belongs to the recipe under the hands and nothing has changed for a while.
_FIGURES = """
(wait) => {
  const plot = [...document.querySelectorAll('.js-plotly-plot')]
    .find(plot => plot.data?.some(trace => trace.name === 'merge'));
  if (!plot || document.querySelector('.st-key-merge_lab-stop')) return null;
  const merge = plot.data.find(trace => trace.name === 'merge');
  const printed = [...plot.querySelectorAll('.annotation-text')].map(text => text.textContent);
  const tasks = Array.from(merge.y), accuracies = Array.from(merge.x);
  if (Array.from(merge.marker.opacity).some(share => share < 1) || accuracies.includes(null)) return null;
  const seen = JSON.stringify([location.href, tasks, accuracies, printed]);
  if (window.tauscopeSeen?.text !== seen) window.tauscopeSeen = {text: seen, since: performance.now()};
  if (performance.now() - window.tauscopeSeen.since < wait) return null;
  const byTask = Object.fromEntries(tasks.map((task, i) => [task, accuracies[i]]));
  return {address: location.href, accuracies: byTask, printed};
}
"""


def figures(page: Page) -> dict[str, Any]:
    """Wait for the numbers to settle; `address`, `accuracies` by task, and the numbers `printed`."""
    settled: dict[str, Any] = page.wait_for_function(_FIGURES, arg=SETTLED, polling=50).json_value()
    return settled


def address_of(page: Page) -> str:
    """What the address bar holds now; Playwright's own `url` is behind while a page only waits."""
    return str(page.evaluate("location.href"))


def words_of(page: Page) -> dict[str, str]:
    """What the address says by name: the recipe, and what is chosen."""
    return {name: words[0] for name, words in parse_qs(urlsplit(address_of(page)).query).items()}


def recipe_in(address: str, zoo: Path) -> Recipe:
    """The recipe that an address carries."""
    (word,) = parse_qs(urlsplit(address).query)["r"]
    return recipe_from_link(word, tasks=[task.name for task in read_zoo_file(zoo).tasks])


def slider_named(page: Page, label: str) -> Locator:
    """A slider; Streamlit gives it the name twice, so that it has no role of exactly this name."""
    return page.locator(f'input[type="range"][aria-label="{label}"]')


def press(page: Page, label: str, *keys: str) -> None:
    """Put the focus on a slider and press keys; wait until the address has answered the last."""
    slider = slider_named(page, label)
    slider.wait_for(state="attached")
    for key in keys:
        before = address_of(page)
        slider.focus()
        page.keyboard.press(key)
        page.wait_for_function("before => location.href !== before", arg=before)


def click_cell(page: Page, key: str, row: int, column: int, *, of: tuple[int, int], word: str) -> None:
    """Click into the corner of a cell of a chart, far from its middle; wait until the address has the word.

    Args:
        page: Where the chart is.
        key: The chart's, as a class of the page has it.
        row: From the top.
        column: From the left.
        of: Rows and columns of the chart.
        word: What the click chooses.
    """
    plot = page.locator(f".st-key-{key} .js-plotly-plot")
    expect(plot).to_have_count(1)  # for a moment the page may still hold the one it replaces
    plot.scroll_into_view_if_needed()
    box = plot.locator(".draglayer > .xy rect.nsewdrag").bounding_box()
    assert box is not None
    x = box["x"] + box["width"] * (column + 0.85) / of[1]
    y = box["y"] + box["height"] * (row + 0.8) / of[0]
    page.mouse.move(x, y)
    page.wait_for_function("key => document.querySelector(`.st-key-${key} .hoverlayer .hovertext`)", arg=key)
    page.mouse.click(x, y)
    page.wait_for_function("word => new URLSearchParams(location.search).has(word)", arg=word)


def evaluated(zoo: Path, recipe: Recipe, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """What `python -m app evaluate` says of a recipe on the lab's quick sample."""
    path = folder / "recipe.yaml"
    path.write_text(recipe_to_yaml(recipe), encoding="utf-8")
    command = [sys.executable, "-m", "app", "evaluate", str(zoo), str(path), "--images", "128", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report
