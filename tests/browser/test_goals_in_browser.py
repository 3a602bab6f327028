"""What people come for, on the demo as it ships, with the clicks it takes from the first page."""

from statistics import mean

import pytest
from playwright.sync_api import Page, expect

from analysis.merge.scaling import Constant
from tests.browser.screen import address_of, figures, recipe_in, words_of

MOST_CLICKS = 4

_STRONGEST = """
() => {
  const plot = document.querySelector('.st-key-interference-matrix .js-plotly-plot');
  const cells = plot?.data?.find(trace => trace.type === 'heatmap');
  if (!cells || !cells.z.some(row => row.some(value => value !== null))) return null;
  plot.scrollIntoView({block: 'center'});
  let found = {value: 0};
  cells.z.forEach((row, r) => row.forEach((value, c) => {
    if (value !== null && value < found.value) found = {value, loser: cells.y[r], other: cells.x[c]};
  }));
  const {xaxis, yaxis} = plot._fullLayout, box = plot.getBoundingClientRect();
  found.x = box.left + xaxis._offset + xaxis.d2p(found.other);
  found.y = box.top + yaxis._offset + yaxis.d2p(found.loser);
  return found;
}
"""


class Hand:
    """A person's hand on the mouse, which counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, target):
        self.clicks += 1
        target.click()

    def click_at(self, x, y):
        self.clicks += 1
        self.page.mouse.click(x, y)

    def go_to(self, title):
        self.click(self.page.get_by_test_id("stSidebar").get_by_role("link", name=title))
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()


@pytest.fixture
def hand(open_tab, full):
    page = open_tab(full.address)
    figures(page)
    hand = Hand(page)
    yield hand
    assert hand.clicks <= MOST_CLICKS


def test_who_hurts_whom_most_and_in_which_layers(hand):
    page = hand.page
    hand.go_to("Measured interference")
    strongest = page.wait_for_function(_STRONGEST, polling=200).json_value()
    sentence = page.get_by_text("The largest loss is that of").first
    expect(sentence).to_contain_text(f"'{strongest['loser']}' to '{strongest['other']}'")

    hand.click_at(strongest["x"], strongest["y"])
    page.wait_for_function("() => location.search.includes('pair=')")
    hand.go_to("Sign conflicts")
    page.wait_for_function("() => location.search.includes('pair=')")

    assert set(words_of(page)["pair"].split("~")) == {strongest["loser"], strongest["other"]}
    layers = page.get_by_role("heading", name="By layer: ")
    expect(layers).to_contain_text(strongest["loser"])
    expect(layers).to_contain_text(strongest["other"])


def test_ties_is_tried_at_the_scale_it_is_usual_at(hand, full):
    page = hand.page
    before = figures(page)
    hand.go_to("Sign conflicts")

    hand.click(page.get_by_role("button", name="Try it in the lab"))
    expect(page.get_by_role("heading", name="Merge lab", level=1)).to_be_visible()

    shown = figures(page)
    recipe = recipe_in(shown["address"], full.zoo)
    assert (recipe.method, recipe.scale) == ("ties", Constant(1.0))
    assert mean(shown["accuracies"].values()) != mean(before["accuracies"].values())


def test_best_run_so_far_comes_back(hand, full):
    page = hand.page
    hand.go_to("Runs")

    hand.click(page.get_by_role("radio", name="best first"))
    table = page.locator('.st-key-runs-table-all-best-first [data-testid="stDataFrame"]')
    table.wait_for()
    box = table.bounding_box()
    hand.click_at(box["x"] + 18, box["y"] + 54)
    hand.click(page.get_by_role("button", name="Load into the lab"))
    expect(page.get_by_role("heading", name="Merge lab", level=1)).to_be_visible()

    assert recipe_in(address_of(page), full.zoo).scale is not None
    assert len(figures(page)["accuracies"]) == 8
