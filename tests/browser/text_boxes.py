"""Faults that the boxes of what is drawn show: text cut, text over text, a page wider than its window."""

from playwright.sync_api import Page

_FAULTS = """
() => {
  const found = [];
  const say = (what, text) => found.push(`${what}: '${text.trim().slice(0, 60)}'`);
  const main = document.querySelector('[data-testid="stMain"]');
  const wider = main.scrollWidth - main.clientWidth;
  if (wider > 1) found.push(`the page is ${wider} px too wide`);

  const boxed = nodes => [...nodes]
    .map(node => ({node, text: node.textContent, box: node.getBoundingClientRect()}))
    .filter(one => one.text.trim() && one.box.width && getComputedStyle(one.node).opacity !== '0');

  const textsInside = plot => {
    const whole = plot.getBoundingClientRect();
    for (const {text, box} of boxed(plot.querySelectorAll('.main-svg text'))) {
      const across = Math.max(whole.left - box.left, box.right - whole.right);
      const down = Math.max(whole.top - box.top, box.bottom - whole.bottom);
      if (Math.max(across, down) > 3) say(`cut by ${Math.round(Math.max(across, down))} px`, text);
    }
  };

  // Boxes of turned names overlap where the names do not, and so do those of two axes in their corner.
  const namesApart = plot => {
    const isTurned = name => /rotate\\((?!0[,)])/.test(name.node.getAttribute('transform') ?? '');
    for (const axis of ['xtick', 'ytick', 'x2tick', 'y2tick']) {
      const names = boxed(plot.querySelectorAll(`.${axis} text`)).filter(name => !isTurned(name));
      names.forEach((one, i) => names.slice(i + 1).forEach(other => {
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (across > 2 && down > 3) say(`over '${other.text.trim()}'`, one.text);
      }));
    }
  };

  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    if (!plot.getBoundingClientRect().width) continue;
    textsInside(plot);
    namesApart(plot);
  }
  const words = 'h1, h2, h3, h5, label, button, .stCaption, [data-testid="stMetricValue"]';
  for (const {node, text, box} of boxed(document.querySelectorAll(words))) {
    if (node.closest('[data-testid="stSidebar"], [data-testid="stHeader"], .modebar')) continue;
    if (box.right > innerWidth + 1 && node.checkVisibility()) say('right of the window', text);
  }
  return found;
}
"""


def faults(page: Page) -> list[str]:
    """What is cut, covered or too wide on the page as it is drawn now, each in a few words."""
    return page.evaluate(_FAULTS)  # type: ignore[no-any-return]
