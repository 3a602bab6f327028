"""Card with what remains when the updates are added, layer by layer."""

import streamlit as st

from analysis.weights.sign_conflict import sum_to_mass
from app.views.sign_conflicts.beside_chance import rate_rows
from app.views.sign_conflicts.excess_figure import excess_figure
from app.views.sign_conflicts.graded import graded_chart_rows, graded_takeaway
from app.views.sign_conflicts.layer_rows import layer_rows
from app.views.sign_conflicts.look import part
from app.views.sign_conflicts.sign_numbers import SignNumbers, ask_null
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette


def graded_card(numbers: SignNumbers) -> None:
    """Draw |Στ|/Σ|τ| beside its null."""
    diagnosis, rows = numbers.diagnosis, layer_rows(numbers.diagnosis, numbers.trimmed)
    component = diagnosis.selection.component
    title = f"What remains when the updates are added: all tasks, {numbers.look.which}{numbers.component}"
    with card("signs.graded", title):
        null = ask_null(numbers)
        if null is None:
            st.caption("Random signs are being drawn.")
            return
        rate = sum_to_mass(rows.sums, layer_rows(diagnosis, null).sums)
        whole = sum_to_mass(part(numbers.trimmed, None, component), part(null, None, component)).at(0)
        chart(
            "signs.graded",
            excess_figure(
                graded_chart_rows(rows.labels, rate),
                tab_palette(),
                title="Σ|Σ τ| / Σ Σ|τ|",
                tickformat="~%",
                ends=("cancel", "add up"),
                chosen=rows.chosen,
            ),
            takeaway=graded_takeaway(rate, rows.places, whole),
            cannot_say="100 %: all updates add up; 0 %: they cancel. A weight that one task alone keeps adds "
            "up. Bars: one draw of random signs, with an interval that holds at least 95 % of other draws. "
            "Grey dots: no clear difference from chance. All tasks at weight 1, whatever pair is chosen.",
            rows=lambda: rate_rows(rows.places, rate),
            on_click=rows.choose,
            is_stale=numbers.is_stale,
        )
