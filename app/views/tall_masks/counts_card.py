"""Card of TALL masks: weights by how many masks keep them, and what a count hides."""

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.count_colours import counts_key
from app.views.tall_masks.counts import (
    COUNTS_TITLE,
    cell_rows,
    kept_by,
    kept_by_rows,
    kept_by_takeaway,
    unkept_takeaway,
)
from app.views.tall_masks.counts_figure import CountBar, CountRow, counts_figure
from app.views.tall_masks.random_signs import DRAWS
from app.views.tall_masks.shown import Shown, of_part
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette
from app.words.numbers import count


def counts_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the counts, and below each what the weights behind it have in common."""
    sums, nulls = shown.part(diagnosis.selection)
    rows, colours = kept_by(sums, nulls), tab_palette()
    untouched = int(sums.untouched[0])
    bars = [
        CountBar(row.share, hover=row.hover)
        if row.by_chance is None
        else CountBar(row.share, row.by_chance.mean, row.by_chance.spread, row.hover)
        for row in rows
    ]
    with card("masks.counts", f"{COUNTS_TITLE}{of_part(diagnosis)}"):
        chart(
            "masks.counts",
            counts_figure(bars, [CountRow(*row) for row in cell_rows(rows)], colours),
            takeaway=f"{kept_by_takeaway(rows)} {unkept_takeaway(rows, shown.settings.vector)}",
            cannot_say="Several masks may keep a weight that their tasks change in opposite directions; the "
            "rows below the bars show that. Black marks and small numbers: the same update sizes with random "
            f"signs (mean of {DRAWS} draws, ± 2 s.d.). A share is more or less than with random signs if it "
            "differs by at least one percentage point and at most 1 in 1000 draws would. The names are the "
            "paper's and only concern how tasks are rebuilt from the multi-task vector: “shared” does not "
            "mean shared knowledge, and “catastrophic” does not mean useless."
            + (f" No task changed {count(untouched)} further weights." if untouched else ""),
            rows=lambda: kept_by_rows(rows),
            is_stale=shown.is_stale,
            legend=counts_key(len(shown.tasks), colours, with_null=True),
        )
