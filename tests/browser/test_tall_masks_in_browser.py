import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import environment
from tests.browser.screen import SETTLED, address_of, click_cell, press, recipe_in, words_of

LAMBDA = "λ shared by all tasks"

# What the counts and their layers show, once they have changed no more for a while.
_SHOWN = """
([marked, wait]) => {
  const plot = name => document.querySelector(`.st-key-masks-${name} .js-plotly-plot`);
  const bars = plot('counts')?.data?.find(trace => trace.name === 'share');
  const layers = plot('layers')?.data?.filter(trace => trace.type === 'bar');
  const owners = plot('owners')?.data?.find(trace => trace.type === 'heatmap');
  const lines = plot('curve')?.layout.annotations ?? [];
  if (!bars || !layers || !owners || !lines.some(line => line.text.includes(marked))) return null;
  if (document.querySelector('.st-key-diagnose-stop')) return null;
  const frame = (plot('owners').layout.shapes ?? []).find(shape => shape.name === 'chosen');
  const seen = {
    shares: Array.from(bars.y),
    rows: layers[0].y,
    tasks: owners.x,
    layers: layers.map(trace => Array.from(trace.x)),
    frame: frame ? [frame.x0 + 0.5, frame.y0 + 0.5] : null,
  };
  const text = JSON.stringify(seen);
  if (window.tauscopeMasks?.text !== text) window.tauscopeMasks = {text, since: performance.now()};
  return performance.now() - window.tauscopeMasks.since < wait ? null : seen;
}
"""


def shown(tab, tall_lambda):
    return tab.wait_for_function(_SHOWN, arg=[f"λ = {tall_lambda}", 2 * SETTLED], polling=50).json_value()


def measured(zoo, folder, tall_lambda):
    """Tables of `python -m app measure ZOO masks`."""
    command = [sys.executable, "-m", "app", "measure", str(zoo), "masks", "--json"]
    done = subprocess.run(
        [*command, "--tall-lambda", tall_lambda],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def shares(row):
    return [count / sum(row["kept_by"]) for count in row["kept_by"]]


def test_masks_are_changed_rebuilt_linked_and_taken_to_the_lab(open_tab, tiny, tmp_path):
    tab = open_tab(f"{tiny.address}tall-masks?sections=remove,overlap,parts")
    before = shown(tab, "0.4")
    assert before["frame"] is None

    press(tab, LAMBDA, "ArrowRight", "ArrowRight")
    after = shown(tab, "0.5")
    assert after["shares"] != before["shares"]
    tables = measured(tiny.zoo, tmp_path, "0.5")
    assert after["shares"] == pytest.approx(shares(tables))
    of_block = {str(row["layer"]): shares(row) for row in tables["by_layer"] if row["layer"] is not None}
    drawn = dict(zip(after["rows"], zip(*after["layers"], strict=True), strict=True))
    for layer, expected in of_block.items():
        assert list(drawn[layer]) == pytest.approx(expected)

    tab.locator(".st-key-masks-reconstruction-start button").click()
    expect(tab.get_by_text("of their fine-tuned accuracy on average")).to_be_visible()

    row = after["rows"].index("1")
    click_cell(tab, "masks-owners", row, 1, of=(len(after["rows"]), len(after["tasks"])), word="layer")
    chosen = shown(tab, "0.5")
    assert chosen["frame"] == [1, row]
    assert chosen["shares"] == pytest.approx(of_block["1"])
    words = words_of(tab)
    assert (words["layer"], words["task"], words["tall"]) == ("visual:1", after["tasks"][1], "0.5")

    again = open_tab(address_of(tab))
    assert shown(again, "0.5") == chosen
    expect(again.get_by_text("of their fine-tuned accuracy on average")).to_be_visible()

    again.get_by_role("button", name="Use consensus in the lab").click()
    expect(again.get_by_role("heading", name="Merge lab", exact=True)).to_be_visible()
    again.wait_for_function("() => !location.pathname.includes('tall-masks')")
    recipe = recipe_in(address_of(again), tiny.zoo)
    assert (recipe.method, recipe.params.tall_lambda) == ("consensus", 0.5)


def test_an_answer_leads_to_the_card_it_comes_from(open_tab, tiny):
    tab = open_tab(f"{tiny.address}tall-masks")
    card = tab.get_by_role("heading", name="Measured: each task rebuilt from its mask")
    expect(card).to_be_attached()
    tab.set_viewport_size({"width": 1440, "height": 500})

    tab.get_by_role("link", name="Rebuilt from their masks").first.click()

    expect(card).to_be_in_viewport()
