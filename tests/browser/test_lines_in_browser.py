from playwright.sync_api import expect

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Lines
from tests.browser.conftest import environment
from tests.browser.screen import SETTLED, address_of, evaluated, press, recipe_in, slider_named, words_of

BETA = "β, rise to last block"

# The scores, once they belong to the ramp that is drawn, whose last factor is the one asked for, and nothing
# has changed for a while.
_SHOWN = """
([last, wait]) => {
  const plot = name => document.querySelector(`.st-key-lines-${name} .js-plotly-plot`);
  const factor = plot('profile')?.data?.find(trace => trace.name === 'factor');
  const merge = plot('scores')?.data?.find(trace => trace.name === 'merge');
  if (!factor || !merge || document.querySelector('.st-key-diagnose-stop')) return null;
  const accuracies = Array.from(merge.x), opacities = Array.from(merge.marker.opacity);
  if (opacities.some(share => share < 1) || accuracies.includes(null)) return null;
  const end = Array.from(factor.y).at(-1), seen = JSON.stringify([end, accuracies]);
  if (window.tauscopeSeen?.text !== seen) window.tauscopeSeen = {text: seen, since: performance.now()};
  if (performance.now() - window.tauscopeSeen.since < wait || Math.abs(end - last) > 1e-6) return null;
  return Object.fromEntries(Array.from(merge.y).map((task, i) => [task, accuracies[i]]));
}
"""


def shown(tab, last):
    return tab.wait_for_function(_SHOWN, arg=[last, SETTLED], polling=50).json_value()


def test_ends_of_the_ramp_are_dragged_typed_linked_and_taken_to_the_lab(open_tab, demo, tmp_path):
    tab = open_tab(f"{demo.address}lines?sections=ramp,alone")
    before = shown(tab, 0.125 + 0.5)

    press(tab, BETA, "ArrowRight", "ArrowRight")
    after = shown(tab, 0.125 + 0.6)
    assert after != before
    recipe = Recipe.from_mapping({"lines": {"alpha": "auto", "beta": 0.6}}, tasks=list(after))
    report = evaluated(demo.zoo, recipe, tmp_path, environment(tmp_path))
    assert after == {row["task"]: row["accuracy"] for row in report["tasks"]}

    typed = tab.get_by_role("spinbutton", name="α, first block, typed")
    typed.fill("0.2")
    typed.press("Enter")
    linked = shown(tab, 0.2 + 0.6)
    tab.wait_for_function("() => new URLSearchParams(location.search).has('alpha')")
    assert (words_of(tab)["alpha"], words_of(tab)["beta"]) == ("0.2", "0.6")

    again = open_tab(address_of(tab))
    assert shown(again, 0.2 + 0.6) == linked
    expect(slider_named(again, BETA)).to_have_value("0.6")

    again.get_by_role("button", name="Open this ramp in the Merge lab").click()
    expect(again.get_by_role("heading", name="Merge lab", exact=True)).to_be_visible()
    again.wait_for_function("() => !location.pathname.includes('lines')")
    assert recipe_in(address_of(again), demo.zoo).scale == Lines(0.2, 0.6)
