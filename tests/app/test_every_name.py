import json
import re

import pytest

from app.registry import pages
from app.words.markdown import unformatted
from tests.app_pages import fill, with_background_work
from tests.zoo_on_disk import CLASSES, TASKS, write_zoo

FORMATS = "**b** $x^2$ :red[r] [l](https://e.example) <b>t</b> :smile:"
NAMES = ("**b** $x^2$ :red[r] (1)", "[l](https://e.ex) **b**", "<b>t</b> :smile: $x^2$")
"""Of tasks, short enough to be shown whole."""
OBEYED = re.compile(r"\*\*b\*\*|\$x\^2\$|:red\[|(?<!\\)\]\(https|https://|(?<!\\)<b>t|:smile:")
FORMATTED = {"body", "label", "help", "text", "caption", "captions", "content", "toast"}
"""Fields of elements in which Streamlit shows Markdown."""

OBEYED_BY_PLOTLY = re.compile("<b>t</b>|<a ")


@pytest.fixture
def zoo(tmp_path):
    """A zoo whose every name is full of formats."""
    folder = write_zoo(tmp_path / "zoo", controls=["letters"])
    text = (folder / "zoo.toml").read_text("utf-8")
    for name in ("Tiny zoo", "letters"):
        text = text.replace(f"name = '{name}'", f"name = '{name} {FORMATS}'")
    for name, new in zip(TASKS, NAMES, strict=True):
        text = text.replace(f"name = '{name}'", f"name = '{new}'")
    for name in CLASSES:
        text = text.replace(f"'{name}'", f"'{name} {FORMATS}'")
    (folder / "zoo.toml").write_text(text, "utf-8")
    return folder


def strings(message, field=""):
    """Every text of a protocol message, with the name of its field."""
    if isinstance(message, str):
        yield field, message
    elif hasattr(message, "ListFields"):
        for one, value in message.ListFields():
            yield from strings(value, one.name)
    elif hasattr(message, "__iter__") and not isinstance(message, bytes):
        for value in message:
            yield from strings(value, field)


def elements(block):
    for child in block.children.values():
        if hasattr(child, "children"):
            if child.proto is not None:
                yield child
            yield from elements(child)
        else:
            yield child


def texts(page):
    """Texts that Streamlit formats."""
    return [
        text
        for element in elements(page._tree)
        for field, text in strings(element.proto)
        if field in FORMATTED and element.type not in ("html", "plotly_chart", "arrow_data_frame")
    ]


def in_json(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from in_json(one)


@pytest.mark.parametrize("title", [page.title for page in pages() if page.section != "Learn"])
def test_names_from_files_are_shown_as_they_are_written(title, open_page, settle, zoo):
    page = settle(open_page(title, zoo, task=NAMES[0], layer="visual:2"))
    for key in [button.key for button in page.button if button.key and button.key.endswith(".start")]:
        if key != "masks.knock_outs.start":
            page = settle(fill(page, key.removesuffix(".start")))
    page = with_background_work(page)

    assert not page.exception
    found = texts(page)
    assert any(unformatted(name) in text for text in found for name in (*NAMES, FORMATS))
    assert [text for text in found if OBEYED.search(text)] == []
    figures = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    assert [text for text in in_json(figures) if OBEYED_BY_PLOTLY.search(text)] == []


BEGINNING, END = "org/clip-vit-base-patch32-finetuned-on-", "-2024-10-17-seed-0042-v2"


@pytest.mark.parametrize(
    "title",
    [page.title for page in pages() if page.section in {"Diagnose", "Merge"} and page.title != "Runs"],
)
def test_long_names_are_short_in_sentences_menus_and_on_axes(title, open_page, settle, tmp_path):
    folder = write_zoo(tmp_path / "zoo", controls=["letters"])
    text = (folder / "zoo.toml").read_text("utf-8")
    for name in (*TASKS, "letters"):
        text = text.replace(f"name = '{name}'", f"name = '{BEGINNING}{name}{END}'")
    (folder / "zoo.toml").write_text(text, "utf-8")

    page = settle(open_page(title, folder, task=f"{BEGINNING}{TASKS[0]}{END}"))
    page = with_background_work(page)

    assert not page.exception
    assert [text for text in texts(page) if END in text] == []
    for chart in page.get("plotly_chart"):
        layout = json.loads(chart.proto.spec)["layout"]
        axes = [axis for name, axis in layout.items() if "axis" in name]
        assert [label for axis in axes for label in axis.get("ticktext", []) if END in label] == []
