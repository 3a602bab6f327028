"""What a person reads off a page under AppTest."""

import json
from collections.abc import Iterable
from typing import Any

from streamlit.testing.v1 import AppTest

from analysis.recipe import Recipe
from app.services.recipe_text import recipe_from_link
from tests.zoo_on_disk import TASKS


def said(elements: Iterable[Any]) -> list[Any]:
    """Texts of captions, errors, titles and the like."""
    return [element.value for element in elements]


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


def _ending(elements: Iterable[Any], name: str) -> Any:
    (found,) = [element for element in elements if element.key.endswith(f".{name}")]
    return found
