"""Card with conflict beyond chance, layer by layer."""

from app.views.sign_conflicts.beside_chance import rate_rows
from app.views.sign_conflicts.excess import excess_axis, excess_chart_rows, excess_takeaway
from app.views.sign_conflicts.excess_figure import excess_figure
from app.views.sign_conflicts.layer_rows import layer_rows
from app.views.sign_conflicts.sign_numbers import SignNumbers
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette


def excess_card(numbers: SignNumbers) -> None:
    """Draw conflict less what chance gives."""
    look, rows = numbers.look, layer_rows(numbers.diagnosis, numbers.trimmed)
    rate = look.rate(rows.sums)
    with card("signs.excess", f"Conflict beyond chance: {look.who}{numbers.component}"):
        chart(
            "signs.excess",
            excess_figure(
                excess_chart_rows(rows.labels, rate),
                tab_palette(),
                title=excess_axis(look),
                tickformat="+",
                zero=0.0,
                ends=("agree more", "conflict more"),
                chosen=rows.chosen,
            ),
            takeaway=excess_takeaway(look, rows.places, rate),
            cannot_say=f"Bars: 95 % interval of chance, given how many tasks keep each weight. With "
            "many weights a bar is thinner than its mark; then the distance matters. Grey dots: no clear "
            f"difference from chance, corrected for {len(rows.places)} layers.",
            rows=lambda: rate_rows(rows.places, rate),
            on_click=rows.choose,
            is_stale=numbers.is_stale,
        )
