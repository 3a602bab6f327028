"""Every page as a visitor of the demo sees it first, at four widths and in both themes."""

import pytest

from tests.browser.conftest import ARTEFACTS
from tests.browser.text_boxes import faults

WIDTHS = (1920, 1440, 900, 600)
TALLEST = {"tall-masks": 2_200}
"""Pixels that a measured page may take at 1440."""

PAGES = (
    "merge-lab",
    "update-norms",
    "sign-conflicts",
    "tall-masks",
    "tall-masks?sections=count,rebuild,remove,overlap,parts",
    "lines",
    "measured-interference",
    "map",
    "library",
    "runs",
    "glossary",
    "about",
)

# A page that is drawn, waits for nothing, and whose charts have settled into their width.
_DRAWN = """
() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const text = document.querySelector('[data-testid="stMain"]')?.innerText ?? '';
  const isRunning = app?.getAttribute('data-test-script-state') !== 'notRunning';
  if (isRunning || !document.querySelector('h1, h2')) return false;
  if (document.querySelector('[data-testid="stSkeleton"]') || text.includes('Opening ')) return false;
  if (text.includes('Loading, a few seconds')) return false;
  const look = [...document.querySelectorAll('.js-plotly-plot')]
    .map(plot => [plot.clientWidth, plot.querySelector('.main-svg')?.getAttribute('width')]);
  const now = JSON.stringify([innerWidth, text.length, look]);
  if (window.tauscopeLook?.now !== now) window.tauscopeLook = {now, since: performance.now()};
  return performance.now() - window.tauscopeLook.since > 700;
}
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_no_text_is_cut_or_covered(open_tab, full, address, theme):
    tab = open_tab(full.address + address, theme=theme)
    name = address.partition("?")[0]
    found, folder = {}, ARTEFACTS / "look"
    folder.mkdir(parents=True, exist_ok=True)

    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 1000})
        tab.wait_for_function(_DRAWN, polling=100)
        found[width] = faults(tab)
        tab.screenshot(path=folder / f"{address.replace('?', '_').replace(',', '_')}-{width}-{theme}.png")
        if width == 1440 and name == address and name in TALLEST:
            height = tab.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
            assert height <= TALLEST[name]

    assert {width: one for width, one in found.items() if one} == {}


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("element.setAttribute('x', -40)", "cut by"),
        ("document.querySelector('.stMainBlockContainer').style.minWidth = '3000px'", "too wide"),
        ("document.querySelector('h1, h2').style.translate = '2000px'", "right of the window"),
    ],
)
def test_planted_fault_is_seen(open_tab, full, planted, found):
    tab = open_tab(f"{full.address}update-norms")
    tab.wait_for_function("() => document.querySelector('.js-plotly-plot .ytick text')")
    tab.wait_for_function(_DRAWN, polling=100)
    assert faults(tab) == []

    tab.evaluate(
        f"() => {{ const element = document.querySelector('.js-plotly-plot .ytick text'); {planted}; }}"
    )

    assert any(found in fault for fault in faults(tab))
