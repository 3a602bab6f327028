import subprocess
import sys
from pathlib import Path

from docs.import_graph import BEGIN, END, arrows, as_markdown, with_graph
from tests.made_imports import graph_of

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs/architecture.md").read_text("utf-8")

CODE = {
    "app.views.map.page": ["app.views.map.plane", "app.widgets.ask", "app.words.numbers"],
    "app.widgets.ask": ["app.words.numbers"],
    "app.words.numbers": ["analysis.errors"],
    "cache.store": ["cache.keys"],
}


def test_import_graph_in_the_documents_is_that_of_the_code():
    command = [sys.executable, "docs/import_graph.py"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    written = DOCUMENT.partition(BEGIN)[2].partition(END)[0]
    assert written.split() == shown.split(), "The import graph is out of date; write it again: make graph"


def test_rooms_are_folders_and_an_arrow_is_an_import_between_two():
    assert arrows(graph_of(CODE)) == {
        "app.views": {"app.widgets", "app.words"},
        "app.widgets": {"app.words"},
        "app.words": {"analysis.errors"},
        "analysis.errors": set(),
        "cache": set(),
    }


def test_picture_leaves_out_arrows_that_follow_from_others_and_the_table_has_all():
    shown = as_markdown(arrows(graph_of(CODE)))

    assert "app_views[app.views] --> app_widgets[app.widgets]" in shown
    assert "app_views[app.views] --> app_words[app.words]" not in shown
    assert "| `app.views` | `app.widgets`, `app.words` |" in shown


def test_rooms_stand_above_those_they_import():
    shown = as_markdown(arrows(graph_of(CODE)))
    rows = [line.split("`")[1::2] for line in shown.splitlines() if line.startswith("| `")]

    order = [room for room, *_ in rows]
    assert order[0] == "app.views"
    assert all(order.index(room) < order.index(name) for room, *imported in rows for name in imported)


def test_writing_the_graph_leaves_the_rest_of_the_document():
    document = f"before\n{BEGIN}old\n{END}\nafter\n"

    assert with_graph(document, "new\n") == f"before\n{BEGIN}new\n{END}\nafter\n"
