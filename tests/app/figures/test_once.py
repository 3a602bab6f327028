import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import plotly.graph_objects as go

from app.figures.dumbbells import DumbbellRow, dumbbells
from app.figures.once import built_once
from app.figures.palette import palette

ROW = DumbbellRow(task="digits", zero_shot=0.4, fine_tuned=0.97, accuracy=0.7, low=0.6, high=0.8)


def test_equal_data_is_drawn_once():
    assert dumbbells([ROW], palette("light")) is dumbbells([replace(ROW)], palette("light"))


def test_other_data_another_theme_and_another_option_are_drawn_for_themselves():
    figures = [
        dumbbells([ROW], palette("light")),
        dumbbells([replace(ROW, accuracy=0.71)], palette("light")),
        dumbbells([ROW], palette("dark")),
        dumbbells([ROW], palette("light"), chosen="digits"),
    ]
    assert len({id(figure) for figure in figures}) == len(figures)


def test_arrays_are_told_apart_by_their_content():
    calls = []

    @built_once
    def drawn(values):
        calls.append(values)
        return go.Figure()

    drawn(np.zeros(3))
    drawn(np.zeros(3))
    drawn(np.array([0.0, 0.0, 1.0]))
    assert len(calls) == 2


def test_two_functions_do_not_share_a_figure():
    @built_once
    def first(n):
        return go.Figure(layout={"height": n})

    @built_once
    def second(n):
        return go.Figure(layout={"height": 2 * n})

    assert (first(100).layout.height, second(100).layout.height) == (100, 200)


def kept_names(tree):
    """Functions of a module whose figures are shared."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            if any(isinstance(one, ast.Name) and one.id == "built_once" for one in node.decorator_list):
                yield node.name
        elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("built_once("):
            yield ast.unparse(node.targets[0])


def test_no_figure_draws_upon_one_that_others_show():
    modules = {path: ast.parse(path.read_text("utf-8")) for path in Path("app").rglob("*.py")}
    kept = {name for tree in modules.values() for name in kept_names(tree)}
    assert {"heat_map", "dumbbells", "strip_figure"} <= kept
    figures = {
        path: tree for path, tree in modules.items() if "figure" in path.stem or path.parent.name == "figures"
    }
    calls = {
        (str(path), ast.unparse(node.func))
        for path, tree in figures.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in kept
    }
    assert not calls


def test_every_figure_that_a_card_shows_is_built_once():
    shown = {
        name.name
        for path in Path("app/views").rglob("*_card.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module.endswith("_figure")
        for name in node.names
        if name.name.endswith("_figure")
    }
    kept = {
        name for path in Path("app").rglob("*.py") for name in kept_names(ast.parse(path.read_text("utf-8")))
    }
    assert shown - kept == {"images_figure"}  # Altair's, which is cheap to make
