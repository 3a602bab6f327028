import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from app.words.numbers import count
from tests.browser.conftest import environment
from tests.browser.screen import SETTLED, address_of, click_cell, press, recipe_in

KEPT = "Share of weights each task keeps"

# What the matrix and the chart by layer show, once the title names the share of weights kept and nothing has
# changed for a while.
_SHOWN = """
([title, wait]) => {
  const plot = name => document.querySelector(`.st-key-${name} .js-plotly-plot`);
  const card = document.querySelector('.st-key-signs-shares-card');
  const below = plot('signs-pairs')?.data?.find(trace => trace.name === 'conflict');
  const layers = plot('signs-shares')?.data;
  if (!below || !layers || !card.textContent.includes(title)) return null;
  const frames = (plot('signs-pairs').layout.shapes ?? []).filter(shape => shape.name === 'chosen');
  const seen = {
    tasks: below.y,
    conflict: below.z,
    rows: layers[0].y,
    shares: Object.fromEntries(layers.map(trace => [trace.name, Array.from(trace.x)])),
    frames: frames.map(shape => [shape.x0 + 0.5, shape.y0 + 0.5]).sort(),
  };
  const text = JSON.stringify(seen);
  if (window.tauscopeSigns?.text !== text) window.tauscopeSigns = {text, since: performance.now()};
  return performance.now() - window.tauscopeSigns.since < wait ? null : seen;
}
"""


def shown(tab, title):
    return tab.wait_for_function(_SHOWN, arg=[title, 2 * SETTLED], polling=50).json_value()


def measured(zoo, folder, density):
    """Tables of `python -m app measure ZOO signs`."""
    command = [sys.executable, "-m", "app", "measure", str(zoo), "signs", "--density", density, "--json"]
    done = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def added(rows, *columns):
    return [sum(row[column] for row in rows) for column in columns]


def test_a_pair_is_found_by_its_signs_and_opened_in_the_lab(open_tab, demo, tmp_path):
    tab = open_tab(f"{demo.address}sign-conflicts")
    before = shown(tab, "largest 20")
    assert before["frames"] == []

    press(tab, KEPT, "ArrowRight", "ArrowRight")
    after = shown(tab, "all tasks, largest 22")
    assert sum(after["shares"]["conflict"]) > sum(before["shares"]["conflict"])

    tables = measured(demo.zoo, tmp_path, "0.22")
    blocks = [row for row in tables["layers"] if row["layer"] is not None]
    for name, column in (("agree", "agree"), ("conflict", "conflict"), ("one task", "one_task")):
        of_block = {
            str(row["layer"]): row[column]
            / sum(row[k] for k in ("agree", "conflict", "one_task", "untouched"))
            for row in blocks
        }
        drawn = dict(zip(after["rows"], after["shares"][name], strict=True))
        assert {layer: drawn[layer] for layer in of_block} == pytest.approx(of_block)

    n_tasks = len(after["tasks"])
    click_cell(tab, "signs-pairs", 1, 0, of=(n_tasks, n_tasks), word="pair")
    first, second = after["tasks"][1], after["tasks"][0]
    pair = [row for row in tables["pairs"] if {row["task_a"], row["task_b"]} == {first, second}]
    agree, conflict = added(pair, "agree", "conflict")
    expect(tab.get_by_text(f"of the {count(agree + conflict)} weights both keep")).to_be_visible()
    chosen = shown(tab, "largest 22")
    assert chosen["frames"] == [[0, 1], [1, 0]]
    assert 0.5 - chosen["conflict"][1][0] == pytest.approx(conflict / (agree + conflict))

    again = open_tab(address_of(tab))
    expect(again.get_by_text(f"of the {count(agree + conflict)} weights both keep")).to_be_visible()
    assert shown(again, "largest 22") == chosen

    tab.get_by_role("button", name="Open the lab with just these two").click()
    expect(tab.get_by_role("heading", name="Merge lab", exact=True)).to_be_visible()
    tab.wait_for_function("() => !location.pathname.includes('sign-conflicts')")
    weights = recipe_in(address_of(tab), demo.zoo).weights
    assert {task for task, weight in weights.items() if weight == 1} == {first, second}
    assert {weight for task, weight in weights.items() if task not in (first, second)} == {0.0}
