"""Card of Sign conflicts: task against task, by cosine and by conflict, and the way into the lab."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from analysis.weights.statistics import Statistics
from app.bench.interference import pair_costs
from app.bench.task_costs import Cost
from app.figures.palette import Palette, palette
from app.session.lab import Lab
from app.session.pair_merge import pair_merge, planned_pairs
from app.session.recipe_edits import only_pair
from app.views.sign_conflicts.look import part
from app.views.sign_conflicts.pairs import (
    PairTable,
    mean_drops,
    measured_detail,
    pair_detail,
    pair_rows,
    pair_table,
    pairs_takeaway,
)
from app.views.sign_conflicts.pairs_figure import Triangle, pairs_figure
from app.views.sign_conflicts.sign_numbers import SignNumbers
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.pair_to_lab import pair_to_lab
from app.words.numbers import fixed, percent, signed

_LEAST = 0.05
"""Distance from neutral that has the fullest colour at least, so that noise is pale."""

_ORDERS = {"similarity": "by similarity", "zoo": "the zoo's order"}


def pairs_card(numbers: SignNumbers, whole: Statistics, lab: Lab) -> None:
    """Draw the matrix, the chosen pair's numbers, and the button that opens the lab with it."""
    diagnosis, look = numbers.diagnosis, numbers.look
    selection, trimmed = diagnosis.selection, numbers.trimmed
    here = selection.place, selection.component
    merge = pair_merge(selection, lab.recipe)
    costs = pair_costs(planned_pairs(diagnosis, merge).results)
    drops = mean_drops(costs)

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_pair(point["y"], point["x"])

    with card("signs.pairs", "Task against task"):
        with st.container(horizontal=True, vertical_alignment="center", key="signs.pairs.inputs"):
            order = choice_segments(
                selection,
                "order",
                "Order",
                list(_ORDERS),
                default="similarity",
                page="signs",
                format_func=_ORDERS.__getitem__,
                label_visibility="collapsed",
            )
            pair_to_lab("signs.to_lab", lab, look.pair and only_pair(lab.recipe, look.pair))
        table = pair_table(
            look, part(whole, *here), part(trimmed, *here), by_similarity=order == "similarity"
        )
        if look.pair is not None:
            st.markdown(f"{pair_detail(table, look)} {measured_detail(costs, look.pair, merged=merge.said)}")
        colours = palette(st.context.theme.type)
        how = "weighed by magnitude" if look.is_weighted else f"of the weights both {look.kept}"
        noted = (
            " Small below it: mean change of the two tasks' accuracy when merged, in points." if drops else ""
        )
        chart(
            "signs.pairs",
            pairs_figure(
                table.tasks,
                _cosine_triangle(table),
                _conflict_triangle(table, drops),
                _hover(table, costs, merge.said),
                colours,
                chosen=selection.pair,
            ),
            takeaway=pairs_takeaway(table),
            cannot_say="Above the diagonal: cosine of the updates, untrimmed. Below: share of conflict, "
            f"{how}, {numbers.trimmed_to}.{noted} Each triangle has its own scale. "
            "Click a cell to choose the pair on every page.",
            rows=lambda: pair_rows(table, drops),
            on_click=clicked,
            is_stale=numbers.is_stale,
            legend=_key(colours),
        )


def _cosine_triangle(table: PairTable) -> Triangle:
    values = _none_for_nan(table.cosines)
    reach = max((abs(v) for r, row in enumerate(values) for v in row[:r] if v is not None), default=0.0)
    reach = max(reach, _LEAST)
    return Triangle(
        values,
        [["" if value is None else fixed(value, 2) for value in row] for row in values],
        neutral=0.0,
        reach=reach,
        ticks=[(end, fixed(end, 2)) for end in (-reach, 0.0, reach)],
        title="cosine",
    )


def _conflict_triangle(table: PairTable, drops: Mapping[tuple[str, str], float]) -> Triangle:
    values = _none_for_nan(table.rate.observed)
    found = [abs(v - 0.5) for r, row in enumerate(values) for v in row[:r] if v is not None]
    reach = max([*found, _LEAST])
    ends = (0.5 - reach, 0.5 + reach)
    return Triangle(
        values,
        [["" if value is None else percent(value) for value in row] for row in values],
        neutral=0.5,
        reach=reach,
        ticks=[(ends[0], percent(ends[0])), (0.5, f"{percent(0.5)} chance"), (ends[1], percent(ends[1]))],
        title="conflict",
        is_reversed=True,
        notes=[
            [signed(100 * drops[a, b], 1) if (a, b) in drops else "" for b in table.tasks]
            for a in table.tasks
        ],
    )


def _hover(table: PairTable, costs: Mapping[tuple[str, str], Cost], merged: str) -> list[list[str]]:
    def said(a: int, b: int) -> str:
        pair = table.tasks[a], table.tasks[b]
        if a == b:
            return pair[0]
        cosine, rate = table.cosines[a, b], table.rate.at((a, b))
        lines = [
            f"{pair[0]} and {pair[1]}",
            "no cosine" if np.isnan(cosine) else f"cosine {fixed(cosine, 3)}",
            "no weight in common"
            if not rate.n
            else f"conflict {percent(float(rate.observed), 1)}, chance {percent(0.5)}",
            measured_detail(costs, pair, merged=merged, between=",<br>"),
        ]
        return "<br>".join(line for line in lines if line)

    n = range(len(table.tasks))
    return [[said(a, b) for b in n] for a in n]


def _key(colours: Palette) -> str:
    scale = colours.diverging
    return (
        '<div class="tauscope-key">'
        f'<span><i class="square" style="background:{scale[-2]}"></i>together</span>'
        f'<span><i class="square" style="background:{scale[1]}"></i>apart</span>'
        "<span>◥ cosine</span><span>◣ conflict</span></div>"
    )


def _none_for_nan(values: Any) -> list[list[float | None]]:
    return [[None if np.isnan(value) else float(value) for value in row] for row in values]
