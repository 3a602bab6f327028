"""Card with the conflict of pairs from small updates to large ones."""

import streamlit as st

from analysis.weights.statistics import Statistics
from app.bench.weight_statistics import StatisticsSettings
from app.session.diagnosis import Diagnosis
from app.views.sign_conflicts.beside_chance import SPREAD
from app.views.sign_conflicts.look import Look, part
from app.views.sign_conflicts.magnitude import (
    DENSITIES,
    Bands,
    band_hovers,
    band_rows,
    bands,
    kept_from,
    magnitude_takeaway,
)
from app.views.sign_conflicts.magnitude_figure import BandCurve, magnitude_figure
from app.views.sign_conflicts.sign_numbers import SignNumbers
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette
from app.words.numbers import exact_percent, number_or_none, percent
from app.work.batch import Batch, Plan


def magnitude_card(numbers: SignNumbers) -> None:
    """Draw conflict in bands of magnitude; the trims they need are made in the background."""
    selection, pair = numbers.diagnosis.selection, numbers.look.pair
    who = "All pairs" if pair is None else numbers.look.who
    with card("signs.magnitude", f"Do large updates conflict more? {who}"):
        batch = _trims(numbers.diagnosis)
        if not batch.is_full:
            batch_controls(batch, key="signs.magnitude", what=f"{len(DENSITIES)} trims")
        measured = batch.results
        known = [(density, measured[density]) for density in DENSITIES if density in measured]
        if len(known) < 2:
            st.skeleton(height=180)
            return
        sums = [(density, part(one, selection.place, selection.component)) for density, one in known]
        _draw(numbers.look, bands(numbers.look, sums), bands(Look(numbers.look.tasks, 1.0), sums))


def _trims(diagnosis: Diagnosis) -> Batch[float, Statistics]:
    """The statistics of every density; begun when the page is first seen, unless a person stops them."""
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


def _draw(look: Look, found: Bands, all_pairs: Bands) -> None:
    curves = {"all pairs": _curve(all_pairs, is_focus=look.pair is None)}
    if look.pair is not None:
        curves["pair"] = _curve(found, is_focus=True)
    behind = "" if look.pair is None else " Grey: all pairs."
    chart(
        "signs.magnitude",
        magnitude_figure(
            found.names,
            curves,
            tab_palette(),
            chance=0.5,
            by_chance=(SPREAD * found.rate.sd).tolist(),
            title="rank of the smaller of the two updates, within its task",
            kept_from=kept_from(found, look.density),
            kept_text=f"kept at {exact_percent(look.density)}" if look.density < 1 else "",
        ),
        takeaway=magnitude_takeaway(found, look),
        cannot_say="Share of opposite signs among the weights that both tasks of a pair change, by the size "
        f"of the smaller update. Dotted: chance, {percent(0.5)}, with its 95 % interval.{behind} Weights are "
        "counted, not weighed. Updates are ranked over the whole model.",
        rows=lambda: band_rows(found),
    )


def _curve(found: Bands, *, is_focus: bool) -> BandCurve:
    shares = [number_or_none(share) for share in found.rate.observed]
    return BandCurve(shares, is_focus=is_focus, hover=band_hovers(found))
