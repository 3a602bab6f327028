import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from analysis.merge.scaling import Constant
from tests.browser.conftest import environment
from tests.browser.screen import address_of, click_cell, press, recipe_in, slider_named, words_of
from tests.zoo_on_disk import TASKS

# What the matrix of pairs shows, once each of its cells off the diagonal is measured.
_SHOWN = """
() => {
  const plot = document.querySelector('.st-key-interference-matrix .js-plotly-plot');
  const cells = plot?.data?.find(trace => trace.type === 'heatmap');
  if (!cells) return null;
  const isMeasured = (row, r) => Array.from(row).every((one, c) => r === c || Number.isFinite(one));
  if (!cells.z.every(isMeasured)) return null;
  const frames = plot.layout.shapes.filter(shape => shape.name === 'chosen');
  return {rows: cells.y, z: cells.z, frames: frames.map(one => [one.y0 + 0.5, one.x0 + 0.5])};
}
"""


def shown(tab):
    return tab.wait_for_function(_SHOWN).json_value()


def measured(zoo, folder, scaling):
    """Loss that each task's pairs cost it, nats, by `python -m app measure`."""
    command = [sys.executable, "-m", "app", "measure", str(zoo), "interference", "--json", "--device", "cpu"]
    done = subprocess.run(
        [*command, "--scaling", scaling], env=environment(folder), capture_output=True, text=True, check=True
    )
    return {(row["task"], row["other"]): row["loss_difference"] for row in json.loads(done.stdout)}


def test_pairs_are_measured_at_a_chosen_scale_and_found_again(open_tab, tiny, tmp_path):
    tab = open_tab(f"{tiny.address}measured-interference")
    expect(tab.get_by_text("Nothing is measured yet.").first).to_be_visible()

    press(tab, "λ of the sum", "ArrowLeft")
    assert words_of(tab)["scaling"] == "0.95"
    tab.locator(".st-key-interference-pairs-start button").click()
    before = shown(tab)
    assert (before["rows"], before["frames"]) == (list(TASKS), [])
    costs = measured(tiny.zoo, tmp_path, "0.95")
    for r, task in enumerate(TASKS):
        for c, other in enumerate(TASKS):
            if r != c:
                assert before["z"][r][c] == pytest.approx(-costs[task, other], abs=1e-5)

    click_cell(tab, "interference-matrix", 2, 1, of=(len(TASKS), len(TASKS)), word="pair")
    expect(tab.get_by_text("Weight disentanglement of deep and everywhere")).to_be_visible()
    assert words_of(tab)["pair"] == "deep~everywhere"

    again = open_tab(address_of(tab))
    expect(again.get_by_text("Weight disentanglement of deep and everywhere")).to_be_visible()
    reloaded = shown(again)
    assert reloaded["z"] == before["z"]
    assert reloaded["frames"] == [[1, 2], [2, 1]]
    expect(slider_named(again, "λ of the sum")).to_have_value("0.95")

    again.get_by_role("button", name="Open the lab with just these two").click()
    expect(again.get_by_role("heading", name="Merge lab", exact=True)).to_be_visible()
    again.wait_for_function("() => !location.pathname.includes('interference')")
    recipe = recipe_in(address_of(again), tiny.zoo)
    assert {task for task, weight in recipe.weights.items() if weight} == {"deep", "everywhere"}
    assert recipe.scale == Constant(0.95)

    tab.get_by_role("link", name="Update norms").click()
    expect(tab.get_by_role("heading", name="Update norms", exact=True)).to_be_visible()
    tab.wait_for_function(
        "() => location.pathname.includes('update-norms')"
        " && new URLSearchParams(location.search).get('pair') === 'deep~everywhere'"
    )
