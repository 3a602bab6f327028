import pytest
from streamlit.testing.v1 import AppTest

from analysis.merge.scaling import Constant
from tests.app_pages import accuracies, recipe_of, said, slider_of, trace_of
from tests.zoo_on_disk import TASKS


@pytest.fixture
def lab(open_page, settle, tiny_zoo):
    """A lab in which λ = 0.3, then 0.3 on test, then 0.07 were measured."""
    page = settle(open_page("Merge lab", tiny_zoo))
    settle(page.button("merge_lab.test").click().run())
    return settle(slider_of(page, "scaling").set_value(0.07).run())


@pytest.fixture
def runs(lab):
    """The list in the whole app, so that there is another page to go to."""
    return AppTest.from_function(_app, default_timeout=60).run()


def _app():
    import streamlit as st

    from app.widgets.navigation import go_to, navigation

    page = navigation()
    if "is_there" not in st.session_state:
        st.session_state["is_there"] = True
        go_to("Runs")
    page.run()


def choose(page, row):
    page.session_state["runs.table.all.newest first"] = {
        "selection": {"rows": [row], "columns": [], "cells": []}
    }
    return page.run()


def test_runs_are_listed_newest_first_with_their_split(lab, open_page):
    runs = open_page("Runs").dataframe[0].value

    assert list(runs["split"]) == ["val", "test", "val"]
    assert ["λ 0.07" in text for text in runs["recipe"]] == [True, False, False]
    assert ["λ 0.3" in text for text in runs["recipe"]] == [False, True, True]
    assert list(runs["when"]) == sorted(runs["when"], reverse=True)


def test_mean_in_the_list_is_the_one_in_the_lab(lab, open_page):
    mean = sum(accuracies(lab)[task] for task in TASKS) / len(TASKS)

    assert open_page("Runs").dataframe[0].value["mean"][0] == pytest.approx(100 * mean)


def test_list_can_be_narrowed_to_one_split(lab, open_page):
    page = open_page("Runs")

    next(one for one in page.button_group if one.key == "runs.split").set_value("test").run()

    assert list(page.dataframe[0].value["split"]) == ["test"]


def test_caption_counts_runs_and_test_evaluations(lab, open_page):
    assert "Tiny zoo · 3 runs · 1 test evaluation" in said(open_page("Runs").caption)


def test_run_loads_back_into_the_lab(runs, settle):
    choose(runs, 2)

    settle(runs.button("runs.load").click().run())

    assert said(runs.title) == ["Merge lab"]
    assert recipe_of(runs).scale == Constant(0.3)
    assert not runs.exception


def test_run_becomes_the_baseline_of_the_lab(runs, settle):
    choose(runs, 2)

    settle(runs.button("runs.pin").click().run())

    assert said(runs.title) == ["Merge lab"]
    assert recipe_of(runs).scale == Constant(0.07)
    assert None not in trace_of(runs, "pinned")["x"]


def test_run_on_test_cannot_be_pinned(runs):
    choose(runs, 1)

    assert runs.button("runs.pin").disabled
    assert not runs.button("runs.load").disabled


def test_list_without_runs_states_what_to_do(open_page, settle, tiny_zoo):
    page = settle(open_page("Runs", tiny_zoo))

    assert said(page.info) == ["Nothing is measured yet. Move a slider in the Merge lab."]
    assert not page.dataframe


def test_best_run_can_stand_first(lab, open_page):
    page = open_page("Runs")

    next(one for one in page.button_group if one.key == "runs.order").set_value("best first").run()

    shown = page.dataframe[0].value
    assert list(shown["split"]) == ["val", "val", "test"]
    assert shown["mean"][0] >= shown["mean"][1]
