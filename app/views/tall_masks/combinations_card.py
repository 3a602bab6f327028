"""Cards of TALL masks: the largest combinations of masks, and how far every two overlap."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis.masks.counts import MOST_PATTERNS
from app.figures.heat_map import Cells, heat_map
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.combinations import (
    Combination,
    combination_rows,
    combinations,
    combinations_takeaway,
    overlap,
    overlap_rows,
    overlap_takeaway,
)
from app.views.tall_masks.combinations_figure import Column, combinations_figure
from app.views.tall_masks.counts_figure import count_colours
from app.views.tall_masks.shown_card import Shown, part_name
from app.widgets.chart_card import card, chart
from app.words.numbers import count, number_or_none, percent, percent_or_dash


def combinations_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the largest combinations of masks."""
    sums, nulls = shown.part(diagnosis.selection)
    tasks, colours = shown.tasks, palette(st.context.theme.type)
    with card("masks.combinations", f"Largest combinations of masks{part_name(diagnosis)}"):
        if len(tasks) > MOST_PATTERNS:
            st.info(
                f"Combinations are counted for at most {MOST_PATTERNS} tasks, since there are 2ᵀ of them; "
                f"this zoo has {len(tasks)}. The overlap of every two masks stands beside.",
                icon=":material/info:",
            )
            return
        found = combinations(sums, nulls, tasks)
        shades = count_colours(len(tasks), colours)

        def clicked(point: Mapping[str, Any]) -> None:
            task = _task_of(point)
            if task in tasks:
                diagnosis.selection.choose_task(task)

        chart(
            "masks.combinations",
            combinations_figure(
                tasks,
                found.kept,
                [
                    Column(
                        [tasks.index(task) for task in one.tasks],
                        one.share,
                        shades[len(one.tasks)],
                        None if one.by_chance is None else one.by_chance.mean,
                        0.0 if one.by_chance is None else one.by_chance.spread,
                        _said(one),
                    )
                    for one in found.shown
                ],
                colours,
                chosen=diagnosis.selection.task,
            ),
            takeaway=combinations_takeaway(found),
            cannot_say="Weights kept by exactly the masks with a dot"
            + (
                f"; {count(found.rest)} further combinations hold {percent(found.rest_share)}"
                if found.rest
                else ""
            )
            + ". Marks: every sign drawn anew. Bars at the left: all that a mask keeps. Kept together is not "
            "moved alike.",
            rows=lambda: combination_rows(found),
            on_click=clicked,
            is_stale=shown.is_stale,
        )


def overlap_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw how far every two masks overlap, beside independent ones."""
    sums, nulls = shown.part(diagnosis.selection)
    found, tasks = overlap(sums, nulls, shown.tasks), shown.tasks
    n = len(tasks)
    # One measure, one scale: measured below the diagonal, expected above it.
    values = [
        [
            None if a == b else number_or_none(found.measured[a, b] if b < a else found.independent[a, b])
            for b in range(n)
        ]
        for a in range(n)
    ]
    known = [value for row in values for value in row if value is not None]

    def clicked(point: Mapping[str, Any]) -> None:
        diagnosis.selection.choose_pair(point["x"], point["y"])

    def said(a: int, b: int) -> str:
        random = (
            ""
            if found.random_signs is None
            else f"<br>random signs {percent_or_dash(found.random_signs[a, b], 1)}"
        )
        return (
            f"{tasks[a]} and {tasks[b]}: {percent_or_dash(found.measured[a, b], 1)}<br>"
            f"independent masks {percent_or_dash(found.independent[a, b], 1)}{random}"
        )

    pair = diagnosis.selection.pair
    with card("masks.overlap", f"Overlap of every two masks{part_name(diagnosis)}"):
        chart(
            "masks.overlap",
            heat_map(
                Cells(
                    rows=tasks,
                    columns=tasks,
                    values=values,
                    text=[["" if value is None else f"{100 * value:.0f}" for value in row] for row in values],
                    hover=[["" if a == b else said(a, b) for b in range(n)] for a in range(n)],
                    hatched=[[False] * n for _ in range(n)],
                ),
                palette(st.context.theme.type),
                low=min(known, default=0.0),
                high=max(known, default=1.0),
                chosen=(None, None) if pair is None else (pair[1], pair[0]),
                unit="intersection / union",
            ),
            takeaway=overlap_takeaway(found),
            cannot_say="Per cent of the weights either mask keeps that both keep. Below the diagonal: these "
            "masks. Above it: independent masks of the same densities. Large weights meet without any common "
            "direction. Click a cell to choose the pair.",
            rows=lambda: overlap_rows(found),
            on_click=clicked,
            is_stale=shown.is_stale,
        )


def _said(one: Combination) -> str:
    who = " + ".join(one.tasks) or "no mask"
    null = "" if one.by_chance is None else f"<br>random signs: {percent(one.by_chance.mean)}"
    return f"{who}: {percent(one.share)}{null}"


def _task_of(point: Mapping[str, Any]) -> str | None:
    told = point.get("customdata")
    return told if isinstance(told, str) else told[0] if told else None
