from playwright.sync_api import expect

from app.views.map.framed import MOST
from tests.browser.screen import address_of, click_cell, recipe_in, words_of
from tests.zoo_on_disk import N_IMAGES, TASKS

# What the map of layers shows, once its points carry these names.
_GROUPS = """
(names) => {
  const plot = document.querySelector('.st-key-map-layers .js-plotly-plot');
  const groups = plot?.data?.map(trace => trace.name);
  return JSON.stringify(groups) === JSON.stringify(names) ? groups : null;
}
"""
_FRAMES = """
() => {
  const plot = document.querySelector('.st-key-map-cosines .js-plotly-plot');
  const frames = plot?.layout?.shapes?.filter(shape => shape.name === 'chosen') ?? [];
  return frames.length ? frames.map(one => [one.y0 + 0.5, one.x0 + 0.5]) : null;
}
"""
_LAYERS = ["stem", "ln_pre", "0", "1", "2", "ln_post", "proj"]


def hover_until_a_picture_shows(tab):
    """Move over the marks of the images until one shows its picture; the picture's address and size."""
    chart = tab.locator(".st-key-map-images-card svg.marks")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    for across in range(20, 76, 2):
        for down in range(10, 91, 3):
            tab.mouse.move(box["x"] + box["width"] * across / 100, box["y"] + box["height"] * down / 100)
            picture = tab.locator("#vg-tooltip-element.visible img")
            if picture.count():
                return picture.evaluate("one => [one.src, one.naturalWidth]")
    raise AssertionError("No mark showed a picture.")


def test_a_frame_drawn_on_the_images_shows_them_below(open_tab, tiny):
    tab = open_tab(f"{tiny.address}map")
    chart = tab.locator(".st-key-map-images-card svg.marks")
    expect(tab.get_by_text(f"of {N_IMAGES['val']} images of 'shallow'")).to_be_visible()
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()

    tab.mouse.move(box["x"] + 2, box["y"] + 2)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] - 4, steps=8)
    tab.mouse.up()

    pictures = tab.locator(".tauscope-pictures figure")
    expect(tab.get_by_text(f"In the frame: {N_IMAGES['val']} images.")).to_be_visible()
    expect(pictures).to_have_count(min(MOST, N_IMAGES["val"]))
    assert pictures.first.locator("img").evaluate("one => one.naturalWidth") == 128
    expect(pictures.first).to_contain_text("→")


def test_layers_are_coloured_a_pair_is_chosen_and_an_image_is_seen(open_tab, tiny):
    tab = open_tab(f"{tiny.address}map")
    tab.wait_for_function(_GROUPS, arg=list(TASKS))

    tab.get_by_role("radio", name="layer", exact=True).click()
    tab.wait_for_function(_GROUPS, arg=_LAYERS)
    tab.wait_for_function("() => new URLSearchParams(location.search).get('colour') === 'layer'")

    click_cell(tab, "map-cosines", 2, 1, of=(len(TASKS), len(TASKS)), word="pair")
    assert words_of(tab)["pair"] == "deep~everywhere"
    assert tab.wait_for_function(_FRAMES).json_value() == [[1, 2], [2, 1]]

    again = open_tab(address_of(tab))
    again.wait_for_function(_GROUPS, arg=_LAYERS)
    assert again.wait_for_function(_FRAMES).json_value() == [[1, 2], [2, 1]]
    expect(again.get_by_text(f"of {N_IMAGES['val']} images of 'shallow'")).to_be_visible()
    address, width = hover_until_a_picture_shows(again)
    assert address.startswith("data:image/png;base64,")
    assert width == 128

    again.get_by_role("button", name="Open the lab with just these two").click()
    expect(again.get_by_role("heading", name="Merge lab", exact=True)).to_be_visible()
    again.wait_for_function("() => !location.pathname.includes('map')")
    recipe = recipe_in(address_of(again), tiny.zoo)
    assert {task for task, weight in recipe.weights.items() if weight} == {"deep", "everywhere"}

    tab.get_by_role("link", name="Measured interference").click()
    expect(tab.get_by_text("Weight disentanglement of deep and everywhere")).to_be_visible()
    tab.wait_for_function("() => new URLSearchParams(location.search).get('pair') === 'deep~everywhere'")
