"""Cards of Sign conflicts by layer: who moves its weights, conflict beyond chance, what the sum leaves."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from analysis.model.places import Place
from analysis.weights.sign_conflict import Rate, beyond_chance, sum_to_mass
from app.figures.palette import Palette, palette
from app.figures.stacked_rows import Part, stacked_rows
from app.session.diagnosis import Diagnosis
from app.views.sign_conflicts.excess_figure import AgainstNull, excess_figure
from app.views.sign_conflicts.look import by_layer, part
from app.views.sign_conflicts.shares import (
    SHARES,
    excess_takeaway,
    graded_takeaway,
    layer_shares,
    rate_rows,
    share_rows,
    shares_takeaway,
)
from app.views.sign_conflicts.sign_numbers import SignNumbers, ask_null
from app.widgets.chart_card import card, chart
from app.words.numbers import fixed, number_or_none, percent, points
from app.words.parts import COMPONENT_NAMES, row_labels

SPREAD = 1.96
"""Standard deviations to either side that hold 95 % of chance."""


def shares_card(numbers: SignNumbers) -> None:
    """Draw the shares of agree, conflict, one task and untouched, layer by layer."""
    diagnosis, look = numbers.diagnosis, numbers.look
    places, sums = by_layer(numbers.trimmed, diagnosis.places, diagnosis.selection.component)
    labels, colours = row_labels(places), palette(st.context.theme.type)
    shares = layer_shares(look, sums)
    parts = [Part(name, hue) for name, hue in zip(SHARES, share_colours(colours), strict=True)]
    with card("signs.shares", f"By layer: {_who(numbers)}, {numbers.trimmed_to}{_component(diagnosis)}"):
        chart(
            "signs.shares",
            stacked_rows(
                labels,
                [[number_or_none(share) for share in row] for row in shares],
                parts,
                colours,
                of_what="weights of the layer",
                chosen=chosen_labels(diagnosis, places, labels),
            ),
            takeaway=shares_takeaway(look, places, sums),
            cannot_say="Weights are counted here, whatever conflict is told by. Part of the conflict is "
            "chance: the next chart takes it off. Trimming is model-wide: a layer may keep more than its "
            "share. Click a layer to choose it.",
            rows=lambda: share_rows(places, sums, shares),
            on_click=clicked_row(diagnosis, places, labels),
            is_stale=numbers.is_stale,
            legend=key_of(parts),
        )


def excess_card(numbers: SignNumbers) -> None:
    """Draw conflict less what chance gives, layer by layer."""
    diagnosis, look = numbers.diagnosis, numbers.look
    places, sums = by_layer(numbers.trimmed, diagnosis.places, diagnosis.selection.component)
    labels, rate = row_labels(places), look.rate(sums)
    sides = beyond_chance(rate, n_tests=len(places))
    how = (
        "of |τᵢ||τⱼ|"
        if look.is_weighted
        else f"of the weights {'both' if look.pair else 'several tasks'} {look.kept}"
    )
    with card("signs.excess", f"Conflict beyond chance: {_who(numbers)}{_component(diagnosis)}"):
        chart(
            "signs.excess",
            excess_figure(
                [
                    AgainstNull(
                        label,
                        number_or_none(100 * rate.excess[row]),
                        low=-100 * SPREAD * float(rate.sd[row]),
                        high=100 * SPREAD * float(rate.sd[row]),
                        side=int(sides[row]),
                        hover=_said(label, rate.at(row)),
                    )
                    for row, label in enumerate(labels)
                ],
                palette(st.context.theme.type),
                title=f"points above chance, {how}",
                tickformat="+",
                zero=0.0,
                ends=("agree more", "conflict more"),
                chosen=chosen_labels(diagnosis, places, labels),
            ),
            takeaway=excess_takeaway(look, places, rate),
            cannot_say=f"Ink: 95 % interval of chance{_bound(look.is_weighted)}, given how many tasks keep "
            "each weight; with many weights it is thinner than its mark, so look at the distance. Grey: not "
            f"clearly off chance, all {len(places)} layers considered.",
            rows=lambda: rate_rows(places, rate),
            on_click=clicked_row(diagnosis, places, labels),
            is_stale=numbers.is_stale,
        )


def graded_card(numbers: SignNumbers) -> None:
    """Draw |Στ|/Σ|τ| beside its null, layer by layer."""
    diagnosis, component = numbers.diagnosis, numbers.diagnosis.selection.component
    places, sums = by_layer(numbers.trimmed, diagnosis.places, component)
    labels = row_labels(places)
    with card(
        "signs.graded",
        f"What adding the tasks leaves: all tasks, {numbers.trimmed_to}{_component(diagnosis)}",
    ):
        null = ask_null(numbers)
        if null is None:
            st.caption("The signs are being drawn anew.")
            return
        _, null_sums = by_layer(null, diagnosis.places, component)
        rate = sum_to_mass(sums, null_sums)
        whole = sum_to_mass(part(numbers.trimmed, None, component), part(null, None, component)).at(0)
        # More left of the sum is less cancelled: the side of better.
        sides = -beyond_chance(rate, n_tests=len(places))
        chart(
            "signs.graded",
            excess_figure(
                [
                    AgainstNull(
                        label,
                        number_or_none(rate.observed[row]),
                        low=max(float(rate.chance[row] - SPREAD * rate.sd[row]), 0.0),
                        high=min(float(rate.chance[row] + SPREAD * rate.sd[row]), 1.0),
                        side=int(sides[row]),
                        hover=_said(label, rate.at(row)),
                    )
                    for row, label in enumerate(labels)
                ],
                palette(st.context.theme.type),
                title="Σ|Σ τ| / Σ Σ|τ|",
                tickformat="~%",
                ends=("cancel", "add up"),
                chosen=chosen_labels(diagnosis, places, labels),
            ),
            takeaway=graded_takeaway(rate, places, whole),
            cannot_say="100 % where moves add up, 0 % where they cancel; what one task alone keeps adds up. "
            "Ink: one draw of all signs, with an interval that holds at least 95 % of others. Grey: not "
            "clearly off chance. All tasks at weight 1, whatever pair is chosen.",
            rows=lambda: rate_rows(places, rate),
            on_click=clicked_row(diagnosis, places, labels),
            is_stale=numbers.is_stale,
        )


def share_colours(colours: Palette) -> tuple[str, str, str, str]:
    """Of agree, conflict, one task and untouched."""
    return colours.merge, colours.worse, colours.sequential[1], colours.track


def key_of(parts: list[Part]) -> str:
    """HTML of what the colours of stacked rows stand for."""
    spans = [
        f'<span><i class="square" style="background:{one.colour}"></i>{one.name}</span>' for one in parts
    ]
    return f'<div class="tauscope-key">{"".join(spans)}</div>'


def chosen_labels(diagnosis: Diagnosis, places: tuple[Place, ...], labels: list[str]) -> list[str]:
    """Row of the layer in focus, if one is."""
    chosen = diagnosis.selection.place
    return [label for place, label in zip(places, labels, strict=True) if place.key == chosen]


def clicked_row(
    diagnosis: Diagnosis, places: tuple[Place, ...], labels: list[str]
) -> Callable[[Mapping[str, Any]], None]:
    """Chooses the layer of a clicked row."""

    def clicked(point: Mapping[str, Any]) -> None:
        if point["y"] in labels:
            diagnosis.selection.choose_place(places[labels.index(point["y"])].key)

    return clicked


def _said(label: str, rate: Rate) -> str:
    if not rate.n:
        return f"{label}: nothing to compare"
    observed, chance = percent(float(rate.observed), 1), percent(float(rate.chance), 1)
    return (
        f"{label}: {observed}, chance {chance} ± {fixed(100 * SPREAD * float(rate.sd), 1)}; "
        f"{points(float(rate.excess))}"
    )


def _bound(is_weighted: bool) -> str:
    return ", at most" if is_weighted else ""


def _who(numbers: SignNumbers) -> str:
    pair = numbers.look.pair
    return "all tasks" if pair is None else f"{pair[0]} and {pair[1]}"


def _component(diagnosis: Diagnosis) -> str:
    component = diagnosis.selection.component
    return "" if component is None else f", {COMPONENT_NAMES[component]}"
