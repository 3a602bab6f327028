"""The chart that the cards by layer and by component share."""

from collections.abc import Callable, Sequence

from app.figures.stacked_rows import Part, stacked_rows
from app.views.tall_masks.count_colours import count_colours, counts_key
from app.views.tall_masks.shown import Shown
from app.views.tall_masks.split import Split, mean_shares, part_names, split_rows, split_takeaway
from app.widgets.chart_card import chart
from app.widgets.look import tab_palette


def split_chart(
    key: str,
    split: Split,
    nulls: Sequence[Split],
    shown: Shown,
    *,
    what: str,
    chosen: str | None,
    choose: Callable[[str], None],
) -> None:
    """Draw the counts of each row as parts of one bar.

    Args:
        key: Of the chart.
        split: The rows.
        nulls: The same with random signs.
        shown: Where the rows come from.
        what: Kind of row, such as "layer".
        chosen: Key of the row that is framed; None frames none.
        choose: Takes the key of a row that was clicked.
    """
    colours, n_tasks = tab_palette(), len(shown.tasks)
    parts = [
        Part(name, colour)
        for name, colour in zip(part_names(n_tasks), count_colours(n_tasks, colours), strict=True)
    ]
    framed = split.label(chosen)
    chart(
        key,
        stacked_rows(
            split.labels,
            split.kept_by.tolist(),
            parts,
            colours,
            of_what="of the weights that some task changed",
            null=mean_shares(nulls),
            chosen=[] if framed is None else [framed],
        ),
        takeaway=split_takeaway(split, nulls, what=what),
        cannot_say="Black marks: where the parts of no mask and of one mask would end with random signs. The "
        "number of masks that keep a weight does not show whether tasks agree, nor how much the weight "
        f"matters. Click a {what} to choose it on every page.",
        rows=lambda: split_rows(split, nulls, what=what),
        on_click=lambda point: _choose(split.key(point["y"]), choose),
        is_stale=shown.is_stale,
        legend=counts_key(n_tasks, colours, with_null=bool(nulls)),
    )


def _choose(key: str | None, choose: Callable[[str], None]) -> None:
    if key is not None:
        choose(key)
