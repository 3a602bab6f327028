"""Menus for what all pages under Diagnose show: task, pair, layer, component."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.selection import COMPONENT, PAIR, PLACE, TASK, pair_word
from app.widgets.choice_inputs import choice_select
from app.widgets.look import called
from app.words.parts import COMPONENT_NAMES, row_labels


def selection_bar(diagnosis: Diagnosis, *, page: str, shows: tuple[str, ...]) -> None:
    """Draw one menu for each part of the selection a page uses; it is kept on every page.

    Args:
        diagnosis: Whose selection.
        page: Beginning of the inputs' keys.
        shows: Some of `TASK`, `PAIR`, `PLACE` and `COMPONENT`.
    """
    selection, in_short = diagnosis.selection, called()
    names = row_labels(diagnosis.places)
    labels = {place.key: name for place, name in zip(diagnosis.places, names, strict=True)}
    tasks = selection.tasks
    pairs = {
        pair_word(a, b): f"{in_short(a)} and {in_short(b)}"
        for i, a in enumerate(tasks)
        for b in tasks[i + 1 :]
    }
    with st.container(horizontal=True, width="content", key=f"{page}.selection"):
        if TASK in shows:
            choice_select(
                selection,
                TASK,
                "Task",
                tasks,
                page=page,
                nothing="all tasks",
                format_func=in_short,
                width=170,
            )
        if PAIR in shows and pairs:
            choice_select(
                selection,
                PAIR,
                "Pair",
                list(pairs),
                page=page,
                nothing="no pair",
                format_func=pairs.__getitem__,
                width=230,
            )
        if PLACE in shows:
            choice_select(
                selection,
                PLACE,
                "Layer",
                selection.places,
                page=page,
                nothing="all layers",
                format_func=labels.__getitem__,
                width=150,
            )
        if COMPONENT in shows:
            choice_select(
                selection,
                COMPONENT,
                "Component",
                selection.components,
                page=page,
                nothing="all components",
                format_func=lambda name: COMPONENT_NAMES.get(name, name),
                width=180,
            )
