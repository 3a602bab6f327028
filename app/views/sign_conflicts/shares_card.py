"""Card with the shares of agreement and conflict, layer by layer."""

from app.figures.palette import Palette
from app.figures.stacked_rows import Part, stacked_rows
from app.views.sign_conflicts.layer_rows import layer_rows
from app.views.sign_conflicts.shares import SHARES, layer_shares, share_rows, shares_takeaway
from app.views.sign_conflicts.sign_numbers import SignNumbers
from app.widgets.chart_card import card, chart, colour_key
from app.widgets.look import tab_palette
from app.words.numbers import number_or_none


def shares_card(numbers: SignNumbers) -> None:
    """Draw the shares of agree, conflict, one task and untouched."""
    look, rows = numbers.look, layer_rows(numbers.diagnosis, numbers.trimmed)
    shares, colours = layer_shares(look, rows.sums), tab_palette()
    hues = dict(zip(SHARES, _hues(colours), strict=True))
    with card("signs.shares", f"By layer: {look.who}, {look.which}{numbers.component}"):
        chart(
            "signs.shares",
            stacked_rows(
                rows.labels,
                [[number_or_none(share) for share in row] for row in shares],
                [Part(name, hue) for name, hue in hues.items()],
                colours,
                of_what="weights of the layer",
                chosen=rows.chosen,
            ),
            takeaway=shares_takeaway(look, rows.places, rows.sums),
            cannot_say="Weights are counted here, even where the page weighs them by magnitude. Part of the "
            "conflict is chance: the next chart subtracts it. Trimming ranks the weights of the whole model, "
            "so a layer may keep more than its share. Click a layer to choose it.",
            rows=lambda: share_rows(rows.places, rows.sums, shares),
            on_click=rows.choose,
            is_stale=numbers.is_stale,
            legend=colour_key(hues),
        )


def _hues(colours: Palette) -> tuple[str, str, str, str]:
    return colours.merge, colours.worse, colours.sequential[1], colours.track
