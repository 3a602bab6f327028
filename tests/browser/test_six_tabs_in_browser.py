import json
from statistics import median
from time import monotonic

import pytest

from tests.browser.conftest import ARTEFACTS
from tests.browser.screen import figures, press, slider_named

pytestmark = pytest.mark.timeout(900)

LAMBDA = "λ shared by all tasks"
FILLINGS = (
    ("tall-masks", "masks-knock_outs"),
    ("lines", "lines-sweep"),
    ("measured-interference", "interference-pairs"),
    ("measured-interference", "interference-adding"),
)
"""Pages with the chart that each tab fills, the longest first."""

# Numbers before "of N measured" on the controls of a chart; null while nothing of it is measured.
_DONE = """
key => {
  const text = document.querySelector(`.st-key-${key}-controls`)?.innerText ?? '';
  const found = text.match(/(\\d+) of (\\d+) measured/);
  return text.includes('all measured') ? 1 : found && +found[1];
}
"""


def start(tab, key):
    tab.locator(f".st-key-{key}-start button").click()
    tab.locator(f".st-key-{key}-stop button").wait_for()


def moved(tab):
    """Seconds from a key to the numbers that belong to it."""
    begin = monotonic()
    press(tab, "λ", "ArrowRight")
    figures(tab)
    return monotonic() - begin


def test_six_tabs_all_get_on(open_tab, demo):
    lab = open_tab(demo.address)
    figures(lab)
    alone = median(moved(lab) for _ in range(3))
    known = open_tab(f"{demo.address}tall-masks")
    start(known, "masks-reconstruction")
    rebuilt = known.locator(".st-key-masks-reconstruction .js-plotly-plot")
    known.locator(".st-key-masks-reconstruction-controls").get_by_text("all measured").wait_for()

    tabs = [(open_tab(f"{demo.address}{page}"), key) for page, key in FILLINGS]
    for tab, key in tabs:
        start(tab, key)
    together = [moved(lab) for _ in range(3)]
    done = [tab.wait_for_function(f"key => ({_DONE})(key) >= 1", arg=key) is not None for tab, key in tabs]

    press(known, LAMBDA, "ArrowRight")
    rebuilt.wait_for(state="detached")
    slider = slider_named(known, LAMBDA)
    slider.focus()
    begin = monotonic()
    known.keyboard.press("ArrowLeft")
    rebuilt.wait_for()
    looked_up = monotonic() - begin

    ARTEFACTS.mkdir(exist_ok=True)
    seconds = {"alone": alone, "together": together, "looked up": looked_up}
    (ARTEFACTS / "six_tabs.json").write_text(json.dumps(seconds, indent=2))
    assert all(done)
    assert "TALL masks: measuring 272 merges" in tabs[0][0].locator(".tauscope-work").inner_text()
    # Twice the time alone and a second at most on an idle machine; twice that leaves room for a busy one.
    assert median(together) <= 4 * alone
    assert looked_up <= 4
