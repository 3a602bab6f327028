from playwright.sync_api import expect

from app.widgets.presenting import PRESENTED

SIZES = """
() => {
  const plot = document.querySelector('.js-plotly-plot');
  const text = document.querySelector('[data-testid="stMarkdownContainer"] p');
  return {
    text: parseFloat(getComputedStyle(text).fontSize),
    chart: plot.layout.font.size,
    height: plot.layout.height,
  };
}
"""
TOP_OF_A_CARD = """
() => [...document.querySelectorAll('.stVerticalBlock[class*="-card"]:not([class*="-cards"])')]
  .some(card => Math.abs(card.getBoundingClientRect().top) < 3)
"""

# How often the page is sent to another card, which happens while a key is handled and not later.
COUNT_SCROLLS = """
() => {
  window.tauscopeScrolls = 0;
  for (const name of ['scrollIntoView', 'scrollTo']) {
    const scroll = Element.prototype[name];
    Element.prototype[name] = function (...to) {
      window.tauscopeScrolls += to[0]?.behavior === 'smooth';
      return scroll.apply(this, to);
    };
  }
}
"""


def test_presented_page_is_larger_and_the_arrows_go_from_card_to_card(open_tab, tiny):
    page = open_tab(f"{tiny.address}update-norms")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    desk = page.evaluate(SIZES)

    page.get_by_role("button", name="Present", exact=True).first.click()
    page.wait_for_function(f"size => ({SIZES})().chart > size", arg=desk["chart"])
    wall = page.evaluate(SIZES)

    assert wall["text"] > PRESENTED * desk["text"]
    assert wall["chart"] == round(PRESENTED * desk["chart"])
    assert wall["height"] == round(PRESENTED * desk["height"])
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        page.wait_for_function(TOP_OF_A_CARD)

    page.keyboard.press("Escape")
    page.wait_for_function(f"size => ({SIZES})().chart === size", arg=desk["chart"])
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    assert page.evaluate(SIZES) == desk


def test_arrows_move_a_slider_and_not_the_presented_page(open_tab, tiny):
    page = open_tab(tiny.address)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    page.get_by_role("button", name="Present", exact=True).first.click()
    expect(page.locator(".st-key-presenting")).to_be_visible()

    slider = page.locator('input[type="range"][aria-label="λ"]').first
    before = slider.input_value()
    slider.focus()
    page.evaluate(COUNT_SCROLLS)
    page.keyboard.press("ArrowRight")

    expect(slider).not_to_have_value(before)
    assert page.evaluate("window.tauscopeScrolls") == 0
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("window.tauscopeScrolls") == 1
