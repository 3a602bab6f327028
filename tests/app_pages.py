"""What a person reads off a page under AppTest."""

import json
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

from streamlit.testing.v1 import AppTest

from analysis.merge.recipe import Recipe
from app import resources
from app.words.recipe_text import recipe_from_link
from tests.app.conftest import LONG
from tests.zoo_on_disk import TASKS


def said(elements: Iterable[Any]) -> list[Any]:
    """Texts of captions, errors, titles and the like."""
    return [element.value for element in elements]


def run_until(page: AppTest, is_so: Callable[[AppTest], bool]) -> AppTest:
    """Run a page twice a second, and when a job has ended, until something holds."""
    deadline = monotonic() + LONG
    while not is_so(page):
        assert monotonic() < deadline, "It never came to be."
        for job in resources.worker().queue()[:1]:
            job.wait(0.5)
        page.run()
    return page


def with_background_work(page: AppTest) -> AppTest:
    """The page once the worker has nothing left to do."""
    while jobs := resources.worker().queue():
        assert all(job.wait(LONG) for job in jobs)
    return page.run()


def fill(page: AppTest, key: str) -> AppTest:
    """Press the button of measurements that fill a chart, and run the page until they are there."""
    page.button(f"{key}.start").click().run()
    run_until(page, lambda page: f"{key}.stop" not in [button.key for button in page.button])
    return page.run()


def in_the_whole_app(title: str) -> AppTest:
    """A page that was opened before, now in the app, so that there is a lab to go to."""
    return AppTest.from_function(_app, default_timeout=LONG, args=(title,)).run()


def _app(title: str) -> None:
    import streamlit as st

    from app.widgets.navigation import go_to, navigation

    page = navigation()
    if "is_there" not in st.session_state:
        st.session_state["is_there"] = True
        go_to(title)
    page.run()


def recipe_of(page: AppTest) -> Recipe:
    """The recipe in the address bar."""
    return recipe_from_link(page.query_params["r"], tasks=TASKS)


def slider_of(page: AppTest, name: str) -> Any:
    """A slider of the Merge lab, whatever revision its key carries: "scaling", "weight:deep"."""
    return _ending(page.slider, name)


def select_of(page: AppTest, name: str) -> Any:
    """A select box of the Merge lab, whatever revision its key carries."""
    return _ending(page.selectbox, name)


def figures(page: AppTest) -> list[dict[str, Any]]:
    """Every Plotly figure, in the order drawn."""
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def trace_of(page: AppTest, name: str) -> dict[str, Any]:
    """The first trace of this name on the page."""
    return next(trace for figure in figures(page) for trace in figure["data"] if trace.get("name") == name)


def accuracies(page: AppTest) -> dict[str, float]:
    """Accuracy that the chart shows for each task and control."""
    trace = trace_of(page, "merge")
    return dict(zip(trace["y"], trace["x"], strict=True))


def click(page: AppTest, key: str, **point: Any) -> AppTest:
    """Click on a point of a chart: its x, y and customdata."""
    (chart,) = [one for one in page.get("plotly_chart") if one.key == key]
    return _with_selection(page, chart, {"points": [point]})


def pick_row(page: AppTest, key: str, row: int) -> AppTest:
    """Choose a row of a table."""
    (table,) = [one for one in page.dataframe if one.key == key]
    return _with_selection(page, table, {"rows": [row], "columns": [], "cells": []})


def _with_selection(page: AppTest, element: Any, selection: dict[str, Any]) -> AppTest:
    # Set in the session state it would be there, but no callback would hear of it.
    states = page._tree.get_widget_states()
    states.widgets.add(id=element.proto.id, string_value=json.dumps({"selection": selection}))
    return page._run(states)


def _ending(elements: Iterable[Any], name: str) -> Any:
    (found,) = [element for element in elements if element.key.endswith(f".{name}")]
    return found
