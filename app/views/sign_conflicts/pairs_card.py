"""Card with every pair of tasks, by cosine and by conflict, and the way into the lab with one of them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis.weights.statistics import Statistics
from app.bench.interference import pair_costs
from app.figures.palette import Palette
from app.session.lab import Lab
from app.session.pair_merge import pair_merge, planned_pairs
from app.session.recipe_edits import only_pair
from app.views.sign_conflicts.look import part
from app.views.sign_conflicts.pairs import (
    conflict_triangle,
    cosine_triangle,
    mean_drops,
    measured_detail,
    pair_detail,
    pair_hovers,
    pair_rows,
    pair_table,
    pairs_takeaway,
)
from app.views.sign_conflicts.pairs_figure import pairs_figure
from app.views.sign_conflicts.sign_numbers import SignNumbers
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.look import as_shown, tab_palette
from app.widgets.pair_to_lab import pair_to_lab

_ORDERS = {"similarity": "by similarity", "zoo": "the zoo's order"}


def pairs_card(numbers: SignNumbers, whole: Statistics, lab: Lab) -> None:
    """Draw the matrix, the chosen pair's numbers, and the button that opens the lab with it."""
    diagnosis, look, colours = numbers.diagnosis, numbers.look, tab_palette()
    selection = diagnosis.selection
    merge = pair_merge(selection, lab.recipe)
    costs = pair_costs(planned_pairs(diagnosis, merge).results)
    drops = mean_drops(costs)

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_pair(point["y"], point["x"])

    with card("signs.pairs", "Task against task"):
        order = _inputs(numbers, lab)
        here = selection.place, selection.component
        table = pair_table(
            look, part(whole, *here), part(numbers.trimmed, *here), by_similarity=order == "similarity"
        )
        if look.pair is not None:
            measured = measured_detail(costs, look.pair, merged=merge.in_words)
            st.markdown(as_shown(f"{pair_detail(table, look)} {measured}"))
        weighed = ", weighed by magnitude" if look.is_weighted else ""
        noted = (
            " Small numbers: mean change of the two tasks' accuracy when merged, in points." if drops else ""
        )
        chart(
            "signs.pairs",
            pairs_figure(
                table.tasks,
                cosine_triangle(table),
                conflict_triangle(table, drops),
                pair_hovers(table, costs, merged=merge.in_words),
                colours,
                chosen=selection.pair,
            ),
            takeaway=pairs_takeaway(table),
            cannot_say="Above the diagonal: cosine of the untrimmed updates. Below it: share of the weights "
            f"both {look.keep} ({look.which}) on which their signs are opposite{weighed}.{noted} Each "
            "triangle has its own scale. Click a cell to choose the pair on every page.",
            rows=lambda: pair_rows(table, drops),
            on_click=clicked,
            is_stale=numbers.is_stale,
            legend=_key(colours),
        )


def _inputs(numbers: SignNumbers, lab: Lab) -> str:
    """Draw the choice of the tasks' order and the way into the lab; return the order."""
    pair = numbers.look.pair
    with st.container(horizontal=True, vertical_alignment="center", key="signs.pairs.inputs"):
        order = choice_segments(
            numbers.diagnosis.selection,
            "order",
            "Order",
            list(_ORDERS),
            default="similarity",
            page="signs",
            format_func=_ORDERS.__getitem__,
            label_visibility="collapsed",
        )
        pair_to_lab("signs.to_lab", lab, pair and only_pair(lab.recipe, pair))
    return order


def _key(colours: Palette) -> str:
    scale = colours.diverging
    return (
        '<div class="tauscope-key">'
        f'<span><i class="square" style="background:{scale[-2]}"></i>same direction</span>'
        f'<span><i class="square" style="background:{scale[1]}"></i>opposite direction</span>'
        "<span>◥ cosine</span><span>◣ conflict</span></div>"
    )
