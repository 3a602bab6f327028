"""Card of TALL masks: the shares of weights over a λ that all tasks share."""

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.count_colours import group_colour
from app.views.tall_masks.curve import curve_rows, curve_takeaway, marked_lambdas, share_curves
from app.views.tall_masks.curve_figure import Curve, curve_figure
from app.views.tall_masks.shown import Shown
from app.views.tall_masks.shown_card import ask_curve
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette


def curve_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the shares of catastrophic, selfish, shared and universal weights."""
    colours = tab_palette()
    with card("masks.curve", "Shares of weights over λ"):
        answer = ask_curve(diagnosis, shown.chosen)
        if answer.value is None:
            return
        curve, null = answer.value
        curves = share_curves(curve, null, untouched=int(shown.counts.total.untouched[0]))
        drawn = [
            Curve(
                one.label,
                group_colour(one.counts, len(shown.tasks), colours),
                one.shares.tolist(),
                None if one.by_chance is None else one.by_chance.tolist(),
            )
            for one in curves
        ]
        chart(
            "masks.curve",
            curve_figure(curve.stops, drawn, colours, marked=marked_lambdas(shown.chosen.tall_lambda)),
            takeaway=curve_takeaway(curves, curve.stops),
            cannot_say="The whole model, with one λ for all tasks. Dotted: random signs (1 draw). Which λ is "
            "best depends on the accuracy of the rebuilt tasks, which this chart does not show.",
            rows=lambda: curve_rows(curves, curve.stops),
            is_stale=not answer.is_current,
        )
