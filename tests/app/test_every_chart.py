import csv
import io
import re
import sys
from dataclasses import dataclass

import pytest

from app.registry import pages
from app.widgets import chart_card
from app.words.numbers import as_csv
from tests.app_pages import fill, with_background_work
from tests.zoo_on_disk import TASKS

DIAGNOSE = {
    "Update norms": {"map", "components", "magnitudes", "spectrum"},
    "Sign conflicts": {"pairs", "shares", "excess", "graded", "ties", "magnitude"},
    "TALL masks": {
        *("counts", "layers", "components", "owners", "densities", "combinations", "overlap", "storage"),
        *("curve", "reconstruction", "best"),
    },
    "LiNeS": {"profile", "scores", "betas", "forgetting", "worth"},
    "Measured interference": {"matrix", "relations", "left", "orders", "landscape"},
    "Map": {"cosines", "tasks", "layers"},
}
"""Pages, and charts that a small zoo has at least once it is measured; those that are added are read too."""

TITLES = [page.title for page in pages() if page.section == "Diagnose"]


@dataclass(frozen=True)
class Drawn:
    takeaway: str
    cannot_say: str
    rows: object


@pytest.fixture
def drawn(monkeypatch):
    """Every chart that is drawn, by key, as the page handed it over."""
    found = {}
    real = chart_card.chart

    def recording(key, figure, **given):
        found[key] = Drawn(given["takeaway"], given["cannot_say"], given["rows"])
        real(key, figure, **given)

    for module in list(sys.modules.values()):
        if getattr(module, "chart", None) is real:
            monkeypatch.setattr(module, "chart", recording)
    return found


def all_measured(page, settle):
    """The page with every measurement it offers; hundreds of merges are left to the test of their page."""
    keys = [button.key for button in page.button if button.key and button.key.endswith(".start")]
    for key in keys:
        if key != "masks.knock_outs.start":
            settle(fill(page, key.removesuffix(".start")))
    return page


def test_pages_with_known_charts_are_there():
    assert DIAGNOSE.keys() <= set(TITLES)


@pytest.mark.parametrize("title", TITLES)
def test_charts_have_an_answer_a_limit_a_table_and_an_export(title, drawn, open_page, settle, tiny_zoo):
    address = {"task": TASKS[0], "pair": f"{TASKS[0]}~{TASKS[1]}", "layer": "visual:2", "grid": "coarse"}
    page = settle(open_page(title, tiny_zoo, **address))

    all_measured(page, settle)
    with_background_work(page)

    assert not page.exception
    assert drawn
    assert {key.partition(".")[2] for key in drawn} >= DIAGNOSE.get(title, set())
    charts = {chart.key: chart.proto for chart in page.get("plotly_chart")}
    for key, chart in drawn.items():
        for text in (chart.takeaway, chart.cannot_say):
            assert text.endswith("."), (key, text)
            assert not re.search(r"\b(nan|inf|None)\b", text), (key, text)
        rows = list(csv.DictReader(io.StringIO(as_csv(chart.rows()))))
        assert rows, key
        assert all(None not in row for row in rows), key
        if key in charts:
            assert charts[key].alt == chart.takeaway
            assert f'"filename": "{key}"' in charts[key].config or f'"filename":"{key}"' in charts[key].config


def test_camera_saves_what_was_chosen_on_any_chart(open_page, settle, tiny_zoo):
    page = settle(open_page("Sign conflicts", tiny_zoo))
    assert all("svg" in chart.proto.config for chart in page.get("plotly_chart"))
    page.session_state["signs.pairs.table"] = True
    page.run()

    (choice,) = [one for one in page.button_group if one.key.startswith("signs.pairs.format")]
    settle(choice.set_value("png").run())

    assert all("png" in chart.proto.config for chart in page.get("plotly_chart"))
    (choice,) = [one for one in page.button_group if one.key.startswith("signs.pairs.format")]
    assert choice.value == "png"
