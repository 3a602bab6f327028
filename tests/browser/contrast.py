"""Text of a page that is hard to read: its contrast with the ground it stands on, as WCAG 2 computes it."""

from typing import Any

from playwright.sync_api import Page

# Texts by contrast, colour and opacity, of those below AA's limit. Left out: what cannot be used now,
# drawings, icons, and values that stand beside the filled thumb of a slider and not on it.
_FAINT = """
() => {
  const parsed = colour => {
    const [r, g, b, share] = colour.match(/[\\d.]+/g).map(Number);
    return [r, g, b, share ?? 1];
  };
  const over = (front, back) => [0, 1, 2].map(i => front[3] * front[i] + (1 - front[3]) * back[i]);
  const light = colour => {
    const [r, g, b] = colour.map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const isOff = element =>
    element.closest('.stElementContainer')?.querySelector(':disabled, [aria-disabled=true]') != null;
  const left = 'svg, style, script, :disabled, [aria-disabled=true], [data-testid=stIconMaterial], ' +
    '[data-testid=stSliderThumbValue], [data-testid=stSliderTickBar]';
  const faint = {}, texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (!text || element.closest(left) || box.width < 2 || box.height < 2) continue;
    if (style.visibility === 'hidden' || isOff(element)) continue;
    const grounds = [];
    let opacity = 1;
    for (let outer = element; outer; outer = outer.parentElement) {
      opacity *= getComputedStyle(outer).opacity;
      grounds.unshift(parsed(getComputedStyle(outer).backgroundColor));
    }
    if (opacity < 0.05) continue;
    const ground = grounds.reduce((back, front) => over(front, back), [255, 255, 255]);
    const ink = parsed(style.color);
    const [a, b] = [light(over([...ink.slice(0, 3), ink[3] * opacity], ground)), light(ground)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    if (contrast >= (size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5)) continue;
    (faint[`${contrast.toFixed(2)} : 1, ${style.color}, opacity ${opacity.toFixed(2)}`] ??= []).push(text);
  }
  return faint;
}
"""


def faint_texts(page: Page) -> dict[str, Any]:
    """Texts that can be seen and have less contrast than small text needs, by their contrast."""
    found: dict[str, Any] = page.evaluate(_FAINT)
    return found
