import csv
import json
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import expect

from analysis.merge.scaling import Constant
from app.bench.workbenches import Workbenches
from app.work.jobs import JobContext
from cache.store import Store
from tests.browser.conftest import ARTEFACTS, environment
from tests.browser.screen import address_of, evaluated, figures, press, recipe_in, slider_named

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


def test_click_on_a_row_of_the_chart_shows_the_classes_of_its_task(open_tab, demo):
    page = open_tab(demo.address)
    figures(page)
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()  # else it may be drawn anew

    page.mouse.click(*row_of(page, "textures"))

    expect(page.locator(".st-key-merge_lab-task_card [role=combobox]").first).to_have_value("textures")


def test_method_is_changed_by_keyboard_alone(open_tab, demo):
    page = open_tab(demo.address)
    figures(page)
    before = address_of(page)

    page.get_by_role("combobox", name="Method").focus()
    page.keyboard.type("TIES")
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)

    shown = figures(page)
    assert recipe_in(shown["address"], demo.zoo).method == "ties"
    slider_named(page, "density").wait_for(state="attached")


def test_stopped_evaluation_ends_at_once_and_the_next_move_is_measured(open_tab, slow):
    page = open_tab(slow.address)
    figures(page)
    stop = page.locator(".st-key-merge_lab-stop button")

    measure_on(page, "all of validation")
    stop.click()
    expect(stop).to_have_count(0)
    expect(page.locator(".st-key-merge_lab-results_card")).to_contain_text("on 128 validation images")
    measure_on(page, "128, quick")
    press(page, "λ", "ArrowRight")
    shown = figures(page)

    assert recipe_in(shown["address"], slow.zoo).scale == Constant(0.31)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_two_people_at_once_each_see_their_own_recipe_and_its_numbers(open_tab, slow, tmp_path):
    mine, theirs = open_tab(slow.address), open_tab(slow.address)
    figures(mine), figures(theirs)

    for _ in range(2):
        press(mine, "λ", "PageUp")
        press(theirs, "λ", "PageDown")

    with closing(Store.open(tmp_path)) as store:
        bench = Workbenches(store).open(slow.zoo, JobContext())
        for page, scaling in ((mine, 0.6), (theirs, 0.0)):
            shown = figures(page)
            recipe = recipe_in(shown["address"], slow.zoo)
            run = bench.run(recipe).compute(JobContext())
            assert recipe.scale == Constant(scaling)
            assert shown["accuracies"] == {score.task: score.accuracy for score in run.tasks}


def test_time_from_a_key_to_the_numbers_is_written_down(open_tab, demo):
    page = open_tab(demo.address)
    figures(page)

    moves = [timed_move(page) for _ in range(5)]

    found = {name: round(median(move[name] for move in moves)) for name in ("first", "last")}
    ARTEFACTS.mkdir(exist_ok=True)
    (ARTEFACTS / "latency.json").write_text(json.dumps({"median_ms": found, "moves": moves}, indent=2))
    assert all(0 < move["first"] <= move["last"] for move in moves)


def test_runs_are_downloaded_as_csv(open_tab, demo):
    page = open_tab(demo.address)
    shown = figures(page)
    page.get_by_role("link", name="Runs").click()

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()

    lines = Path(download.value.path()).read_text().splitlines()
    rows = list(csv.DictReader(lines))
    assert {row["task"] for row in rows} == set(shown["accuracies"])


def test_click_on_the_strip_moves_the_slider_there(open_tab, slow):
    page = open_tab(slow.address)
    figures(page)
    place = page.wait_for_function(
        """() => {
          const plot = document.querySelector('.st-key-merge_lab-strip_card .js-plotly-plot');
          const bars = plot?.data.find(trace => trace.name === 'positions');
          if (!bars || bars.x.length < 13) return null;
          plot.scrollIntoView({block: 'center'});
          const {xaxis, yaxis} = plot._fullLayout, box = plot.getBoundingClientRect();
          const y = box.top + yaxis._offset + 0.1 * yaxis._length;
          return {value: bars.x[8], x: box.left + xaxis._offset + xaxis.d2p(bars.x[8]), y};
        }"""
    ).json_value()

    before = address_of(page)
    page.mouse.click(place["x"], place["y"])
    page.wait_for_function("before => location.href !== before", arg=before)

    shown = figures(page)
    assert recipe_in(shown["address"], slow.zoo).scale == Constant(place["value"])


def test_merged_weights_are_saved_and_downloaded(open_tab, slow):
    page = open_tab(slow.address)
    figures(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Save weights").click()
    told = page.get_by_text("Saved as").inner_text()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download it").click()

    saved = Path(told.split("Saved as ")[1].strip())
    assert download.value.suggested_filename == saved.name
    assert Path(download.value.path()).read_bytes() == saved.read_bytes()


def row_of(page, task):
    """A point on the window in the row of a task, away from its marks."""
    return page.evaluate(
        """task => {
          const plot = [...document.querySelectorAll('.js-plotly-plot')]
            .find(plot => plot.data.some(trace => trace.name === 'merge'));
          plot.scrollIntoView({block: 'center'});
          const {xaxis, yaxis} = plot._fullLayout, box = plot.getBoundingClientRect();
          return [box.left + xaxis._offset + 0.2 * xaxis._length, box.top + yaxis._offset + yaxis.d2p(task)];
        }""",
        task,
    )


def measure_on(page, sample):
    menu = page.get_by_role("button", name="Images: ")
    menu.click()
    page.get_by_text(sample).click()
    page.keyboard.press("Escape")


def timed_move(page):
    """One press of an arrow key; milliseconds to the first and to the last number of the new recipe."""
    slider = slider_named(page, "λ")
    slider.focus()
    page.evaluate(WATCH)
    page.keyboard.press("ArrowRight")
    move = page.wait_for_function("() => window.tauscopeMove.last && window.tauscopeMove").json_value()
    figures(page)
    return {name: round(move[name]) for name in ("first", "last")}


WATCH = """
() => {
  const move = window.tauscopeMove = {};
  let pressed = null, before = null;
  window.addEventListener('keydown', () => { pressed = performance.now(); }, {once: true, capture: true});
  const look = () => {
    const plot = [...document.querySelectorAll('.js-plotly-plot')]
      .find(plot => plot.data?.some(trace => trace.name === 'merge'));
    const shares = plot ? Array.from(plot.data.find(trace => trace.name === 'merge').marker.opacity) : [];
    const fresh = shares.filter(share => share === 1).length;
    before ??= plot?.layout.meta;
    if (pressed !== null && shares.length && plot.layout.meta !== before) {
      if (fresh > 0) move.first ??= performance.now() - pressed;
      if (fresh === shares.length) { move.last = performance.now() - pressed; return; }
    }
    requestAnimationFrame(look);
  };
  look();
}
"""


def test_what_a_run_has_not_drawn_yet_is_not_pale_at_once(open_tab, tiny):
    """Runs follow one another while a slider moves; an element that is drawn anew is no less there."""
    tab = open_tab(tiny.address)
    expect(tab.get_by_role("heading", name="Merge lab", exact=True)).to_be_visible()

    opacity, delay = tab.evaluate(
        """() => {
          const one = document.querySelector('.stElementContainer').cloneNode(true);
          one.dataset.stale = 'true';
          document.querySelector('.stMainBlockContainer .stVerticalBlock').append(one);
          const style = getComputedStyle(one);
          return [style.opacity, style.animationDelay];
        }"""
    )

    assert (opacity, delay) == ("1", "3s")
