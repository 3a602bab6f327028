import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from analysis.merge.scaling import Curve
from tests.browser.conftest import environment
from tests.browser.screen import address_of, click_cell, recipe_in, words_of

# What the map of norms shows, once it shows this measure.
_SHOWN = """
(unit) => {
  const plot = document.querySelector('.st-key-norms-map .js-plotly-plot');
  const cells = plot?.data?.find(trace => trace.type === 'heatmap');
  if (!cells || !cells.colorbar.title.text.startsWith(unit)) return null;
  const frame = plot.layout.shapes.find(shape => shape.name === 'chosen');
  const at = frame ? [frame.x0 + 0.5, frame.y0 + 0.5] : null;
  return {rows: cells.y, columns: cells.x, z: cells.z, frame: at};
}
"""


def shown(tab, unit):
    return tab.wait_for_function(_SHOWN, arg=unit).json_value()


def measured(zoo, folder):
    """‖τ‖₂ of every layer's block and task by `python -m app measure`, weight units."""
    command = [sys.executable, "-m", "app", "measure", str(zoo), "norms", "--json"]
    done = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=True)
    squares: dict[tuple[int, str], float] = {}
    for row in json.loads(done.stdout):
        if row["layer"] is not None:
            key = (row["layer"], row["task"])
            squares[key] = squares.get(key, 0.0) + row["l2"] ** 2
    return {key: square**0.5 for key, square in squares.items()}


def test_layer_is_found_in_the_map_and_scaled_in_the_lab(open_tab, demo, tmp_path):
    tab = open_tab(f"{demo.address}update-norms")
    before = shown(tab, "% of the base")
    assert before["rows"][:3] == ["stem", "ln_pre", "0"]

    tab.get_by_role("radio", name="absolute").click()
    after = shown(tab, "‖τ‖₂")
    assert after["z"] != before["z"]
    assert after["frame"] is None

    click_cell(tab, "norms-map", 9, 5, of=(len(after["rows"]), len(after["columns"])), word="layer")
    expect(tab.get_by_text("How much single weights change, block 7")).to_be_visible()
    chosen = words_of(tab)
    assert (chosen["measure"], chosen["layer"]) == ("absolute", "visual:7")
    assert chosen["task"] == after["columns"][5]

    again = open_tab(address_of(tab))
    expect(again.get_by_text("How much single weights change, block 7")).to_be_visible()
    reloaded = shown(again, "‖τ‖₂")
    assert reloaded["frame"] == [5, 9]
    norms = measured(demo.zoo, tmp_path)
    for row, layer in enumerate(range(12), start=2):
        expected = [norms[layer, task] for task in reloaded["columns"]]
        assert reloaded["z"][row] == pytest.approx(expected, rel=1e-5)

    tab.get_by_role("button", name="Scale these layers in the Merge lab").click()
    expect(tab.get_by_role("heading", name="Merge lab", exact=True)).to_be_visible()
    tab.wait_for_function("() => !location.pathname.includes('update-norms')")
    scale = recipe_in(address_of(tab), demo.zoo).scale
    assert scale == Curve(outside=0.3, blocks=tuple(0.15 if layer == 7 else 0.3 for layer in range(12)))
