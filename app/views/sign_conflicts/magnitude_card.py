"""Card of Sign conflicts: conflict of pairs from small moves to large ones."""

from bisect import bisect_left
from math import log

import streamlit as st

from analysis.weights.statistics import Statistics
from app.bench.weight_statistics import StatisticsSettings
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.views.sign_conflicts.excess_card import SPREAD
from app.views.sign_conflicts.look import Look, part
from app.views.sign_conflicts.magnitude import DENSITIES, Bands, band_rows, bands, magnitude_takeaway
from app.views.sign_conflicts.magnitude_figure import BandCurve, magnitude_figure
from app.views.sign_conflicts.sign_numbers import SignNumbers
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.words.numbers import count, exact_percent, number_or_none, percent
from app.work.batch import Batch, Plan


def magnitude_card(numbers: SignNumbers) -> None:
    """Draw conflict in bands of magnitude; the trims they need are made while nobody waits."""
    diagnosis, selection = numbers.diagnosis, numbers.diagnosis.selection
    who = "all pairs" if numbers.look.pair is None else f"{numbers.look.pair[0]} and {numbers.look.pair[1]}"
    with card("signs.magnitude", f"Do large moves conflict more? {who}"):
        batch = _trims(diagnosis)
        if not batch.is_full:
            batch_controls(batch, key="signs.magnitude", what=f"{len(DENSITIES)} trims")
        measured = batch.results
        known = [(density, measured[density]) for density in DENSITIES if density in measured]
        if len(known) < 2:
            st.skeleton(height=180)
            return
        sums = [(density, part(one, selection.place, selection.component)) for density, one in known]
        _draw(numbers, bands(numbers.look, sums), bands(Look(numbers.look.tasks, 1.0), sums))


def _draw(numbers: SignNumbers, found: Bands, all_pairs: Bands) -> None:
    look = numbers.look
    curves = {"all pairs": _curve(all_pairs, is_focus=look.pair is None)}
    if look.pair is not None:
        curves["pair"] = _curve(found, is_focus=True)
    behind = "" if look.pair is None else " Grey: all pairs."
    chart(
        "signs.magnitude",
        magnitude_figure(
            found.names,
            curves,
            palette(st.context.theme.type),
            chance=0.5,
            by_chance=(SPREAD * found.rate.sd).tolist(),
            title="rank of the smaller of the two moves, within its task",
            kept_from=_position(found, look.density),
            kept_text=f"kept at {exact_percent(look.density)}" if look.density < 1 else "",
        ),
        takeaway=magnitude_takeaway(found, look),
        cannot_say="Of the weights both tasks of a pair move, the share they move opposite ways, by how "
        f"large the smaller move is. Ink: chance, {percent(0.5)}, with its 95 % interval.{behind} Counted, "
        "not weighed. Ranks are model-wide.",
        rows=lambda: band_rows(found),
    )


def _curve(found: Bands, *, is_focus: bool) -> BandCurve:
    rate = found.rate
    return BandCurve(
        [number_or_none(share) for share in rate.observed],
        is_focus=is_focus,
        hover=[
            f"{name}: {percent(float(share), 1)} of {count(int(n))}" if n else f"{name}: none"
            for name, share, n in zip(found.names, rate.observed, rate.n, strict=True)
        ],
    )


def _position(found: Bands, density: float) -> float | None:
    """Where among the bands trimming to a density begins; None where it trims nothing."""
    if density >= 1:
        return None
    starts = [first for first, _ in found.edges]
    band = max(len(starts) - bisect_left(starts[::-1], density) - 1, 0)
    first, last = found.edges[band]
    share = log(first / density) / log(first / last) if last else 0.0
    return band - 0.5 + share


def _trims(diagnosis: Diagnosis) -> Batch[float, Statistics]:
    """The statistics of every density; begun when the page is first seen, unless somebody stops them."""
    batch: Batch[float, Statistics] = diagnosis.requests.batch("signs.magnitude")
    is_new = not batch.names

    def trims() -> Plan[float, Statistics]:
        return {
            density: diagnosis.bench.weights.statistics(
                StatisticsSettings(diagnosis.scope, None if density == 1 else density)
            )
            for density in DENSITIES
        }

    batch.plan(diagnosis.scope, trims)
    if is_new:
        batch.start("Trimming at every density")
    return batch
