"""Card of LiNeS: one task merged alone, what it keeps and what the others forget."""

import streamlit as st

from analysis.merge.recipe import anchor_recipe
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.lines.measured_runs_card import measured_runs
from app.views.lines.point_to_lab_card import point_to_lab
from app.views.lines.trade_off import (
    ALPHAS,
    BASE,
    authors_choice,
    trade_off,
    trade_off_dots,
    trade_off_recipe,
    trade_off_rows,
    trade_off_takeaway,
)
from app.views.lines.trade_off_figure import TradeOffDot, trade_off_figure
from app.widgets.chart_card import card, chart
from app.widgets.look import as_shown, tab_palette

_ALPHA = "alone"
"""Word of the α that was clicked."""


def trade_off_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw what the task in focus keeps and the others lose, as α goes from 1 to 0."""
    bench, selection = diagnosis.bench, diagnosis.selection
    evaluated = bench.setup.eval_sets["val"]
    targets = [task for task in bench.tasks if task in evaluated]
    target = selection.task if selection.task in targets else targets[0] if targets else None
    alone = "One task alone" if target is None else f"'{target}' alone"
    with card("lines.trade_off", f"{alone}: what it keeps and what the others forget"):
        if target is None or len(evaluated) < 2:
            st.info(
                "Forgetting cannot be measured here: it needs validation images of a task and of one other "
                "task or control."
            )
            return
        recipes = {alpha: trade_off_recipe(bench.tasks, target, alpha) for alpha in ALPHAS}
        batch = measured_runs(
            diagnosis,
            "lines.trade_off",
            {BASE: anchor_recipe(bench.tasks), **recipes},
            what=f"{len(ALPHAS)} merges of '{target}' alone",
            costs=f"Each is evaluated on {diagnosis.sample.in_words}. Choose another task above.",
        )
        found = trade_off(batch.results, target)
        if not found:
            st.caption(
                "The zero-shot model gets no image of the other tasks right, so they can forget nothing."
                if batch.is_full
                else as_shown(
                    f"The chart will show what '{target}' keeps and what the others forget when '{target}' "
                    "is merged alone, as α goes from 1 to 0."
                )
            )
            return
        words = {f"{alpha:g}": recipe for alpha, recipe in recipes.items()}
        word = selection.one_of(_ALPHA, list(words))
        chart(
            "lines.forgetting",
            trade_off_figure(
                [TradeOffDot(**dot) for dot in trade_off_dots(found, target)],
                tab_palette(),
                axes=(f"'{target}', share of fine-tuned accuracy", "the others, share of zero-shot accuracy"),
                chosen=word,
            ),
            takeaway=trade_off_takeaway(authors_choice(batch.results, target), len(found), target),
            cannot_say=f"The update of '{target}' alone under LiNeS with β = 1 − α, so its last block is "
            f"always whole. Controls count among the others. Measured on {diagnosis.sample.in_words}, with "
            "95 % bootstrap intervals. "
            "Filled: no other α is as good on both and better on one; neighbours often show no significant "
            "difference. The authors' rule picks the largest 2 × target + others.",
            rows=lambda: trade_off_rows(found),
            on_click=lambda point: selection.take({_ALPHA: str(point["customdata"])}),
        )
        points = {one: (f"'{target}' alone, α = {one}", recipe) for one, recipe in words.items()}
        point_to_lab(lab, selection, _ALPHA, points, key="lines.trade_off.open")
