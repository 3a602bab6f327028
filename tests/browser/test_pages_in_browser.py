import pytest
from playwright.sync_api import expect

from app.registry import pages
from tests.browser.conftest import ARTEFACTS
from tests.browser.screen import figures

_STYLED = "() => getComputedStyle(document.querySelector('.stMainBlockContainer')).maxWidth === '1680px'"
_FITS = "() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 900])
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
        tab.context.close()
