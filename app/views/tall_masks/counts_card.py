"""Cards of TALL masks: how many masks keep the weights, and how dense each is."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.figures.palette import Palette, palette
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.count_names import count_name
from app.views.tall_masks.counts import (
    DRAWS,
    KeptBy,
    kept_by,
    kept_by_rows,
    kept_by_takeaway,
    nobody_takeaway,
)
from app.views.tall_masks.counts_figure import CountBar, CountRow, count_colours, counts_figure
from app.views.tall_masks.curve import curve_rows, curve_takeaway, share_curves
from app.views.tall_masks.curve_figure import Curve, curve_figure
from app.views.tall_masks.densities import densities, densities_takeaway, density_rows
from app.views.tall_masks.named_bars_figure import NamedBar, named_bars_figure
from app.views.tall_masks.shown_card import Shown, ask_curve, part_name
from app.widgets.chart_card import card, chart
from app.words.numbers import count, percent


def counts_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the weights by how many masks keep them, and what the count hides."""
    sums, nulls = shown.part(diagnosis.selection)
    rows, colours = kept_by(sums, nulls), palette(st.context.theme.type)
    untouched = int(sums.untouched[0])
    still = f" No task moved {count(untouched)} further weights." if untouched else ""
    with card("masks.counts", f"Weights by how many masks keep them{part_name(diagnosis)}"):
        chart(
            "masks.counts",
            counts_figure([_bar(row) for row in rows], _cells(rows), colours),
            takeaway=f"{kept_by_takeaway(rows)} {nobody_takeaway(rows, shown.settings.vector)}",
            cannot_say="A count is not agreement: read it with the rows below. Marks, and small numbers: the "
            f"same sizes with every sign drawn anew ({DRAWS} draws, ±2 sd). The paper's names are about "
            "rebuilding a task from the multi-task vector: shared by masks is not shared knowledge, and "
            f"catastrophic is not useless.{still}",
            rows=lambda: kept_by_rows(rows),
            is_stale=shown.is_stale,
            legend=counts_key(len(shown.tasks), colours, with_null=True),
        )


def curve_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the shares over a λ that all tasks share."""
    colours = palette(st.context.theme.type)
    with card("masks.curve", "The shares against λ"):
        answer = ask_curve(diagnosis, shown.chosen)
        if answer.value is None:
            return
        curve, null = answer.value
        curves = share_curves(curve, null, untouched=int(shown.counts.total.untouched[0]))
        shades = count_colours(len(shown.tasks), colours)
        chosen = set(shown.chosen.tall_lambda)
        marked = {f"λ = {value:g}": value for value in sorted(chosen)} if len(chosen) <= 3 else {}
        chart(
            "masks.curve",
            curve_figure(
                curve.stops,
                [
                    Curve(
                        one.label,
                        shades[one.counts[len(one.counts) // 2]],
                        one.shares.tolist(),
                        None if one.by_chance is None else one.by_chance.tolist(),
                    )
                    for one in curves
                ],
                colours,
                marked=marked,
            ),
            takeaway=curve_takeaway(curves, curve.stops),
            cannot_say="One λ for all tasks, whole model. Dotted: every sign drawn anew, once. Which λ is "
            "right is a matter of accuracy, measured above.",
            rows=lambda: curve_rows(curves, curve.stops),
            is_stale=not answer.is_current,
        )


def densities_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw what share of the weights each mask keeps."""
    sums, nulls = shown.part(diagnosis.selection)
    found = densities(sums, nulls, shown.tasks, shown.settings.tall_lambda)

    def clicked(point: Mapping[str, Any]) -> None:
        if point["y"] in shown.tasks:
            diagnosis.selection.choose_task(point["y"])

    with card("masks.densities", f"Density of each mask{part_name(diagnosis)}"):
        chart(
            "masks.densities",
            named_bars_figure(
                [
                    NamedBar(
                        one.task,
                        one.density,
                        percent(one.density),
                        one.by_chance,
                        f"{one.task}, λ = {one.tall_lambda:g}: keeps {count(one.kept)} weights",
                    )
                    for one in found
                ],
                palette(st.context.theme.type),
                chosen=diagnosis.selection.task,
            ),
            takeaway=densities_takeaway(found),
            cannot_say="Of all weights of parameters that some task moved. Marks: every sign drawn anew. A "
            "dense mask mostly says that a task's update is large beside the others'.",
            rows=lambda: density_rows(found),
            on_click=clicked,
            is_stale=shown.is_stale,
        )


def counts_key(n_tasks: int, colours: Palette, *, with_null: bool = False) -> str:
    """HTML of what the colours stand for."""
    shades = count_colours(n_tasks, colours)
    counts: dict[str, list[int]] = {}
    for kept in range(n_tasks + 1):
        counts.setdefault(count_name(kept, n_tasks), []).append(kept)
    parts = [
        f'<span><i class="square" style="background:{shades[among[len(among) // 2]]}"></i>{name} '
        f"{among[0] if len(among) == 1 else f'{among[0]}–{among[-1]}'}</span>"
        for name, among in counts.items()
    ]
    if with_null:
        parts.append('<span><i class="null"></i>random signs</span>')
    return f'<div class="tauscope-key">{"".join(parts)}</div>'


def _bar(row: KeptBy) -> CountBar:
    null = row.by_chance
    return CountBar(
        row.share,
        None if null is None else null.mean,
        0.0 if null is None else null.spread,
        f"{count(row.n)} weights kept by {row.count} ({row.name}): {percent(row.share)}"
        + ("" if null is None else f"<br>random signs: {percent(null.mean)}"),
    )


def _cells(rows: tuple[KeptBy, ...]) -> list[CountRow]:
    return [
        CountRow(
            "|Στ| / Σ|τ|",
            [row.sum_to_mass for row in rows],
            [_two(row.sum_to_mass) for row in rows],
            [_two(row.sum_to_mass_by_chance) for row in rows],
        ),
        CountRow(
            "equal signs",
            [row.equal_signs for row in rows],
            [_percent(row.equal_signs) for row in rows],
            [_percent(row.equal_signs_by_chance) for row in rows],
        ),
        CountRow("of ‖τ_M‖²", [row.energy for row in rows], [_percent(row.energy) for row in rows]),
    ]


def _two(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return "" if value is None else percent(value)
