"""Page: every run measured on this zoo, newest first."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.session.lab import Lab
from app.views.runs.run_table import RunRow, best_first, counted, run_rows, runs_csv, table_rows
from app.widgets.current_zoo import current_session, current_zoo
from app.widgets.navigation import go_to
from app.widgets.page_header import page_header


def render() -> None:
    """Draw the list; a chosen run loads back into the lab or becomes its baseline."""
    lab, _ = current_zoo(current_session())
    stored = lab.bench.history.latest()
    rows = run_rows(stored, tasks=lab.bench.tasks)
    caption = counted(lab.bench.zoo.file.name, len(rows), lab.bench.history.test_evaluations)
    with page_header("Runs", caption):
        st.download_button(
            "CSV",
            lambda: runs_csv(stored),
            file_name="runs.csv",
            mime="text/csv",
            key="runs.csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not rows,
        )
    if not rows:
        st.info("Nothing is measured yet. Move a slider in the Merge lab.", icon=":material/tune:")
        return
    with st.container(horizontal=True):
        split = _choice("split", "Split", ["all", "val", "test"])
        order = _choice("order", "Order", ["newest first", "best first"])
    shown = [row for row in rows if split in ("all", row.split)]
    if order == "best first":
        shown = best_first(shown)
    chosen = st.dataframe(
        table_rows(shown),
        key=f"runs.table.{split}.{order}",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        height=min(560, 36 * (len(shown) + 1) + 2),
        placeholder="–",
        column_config=_columns(),
        alt=f"Runs, {order}",
    )
    _actions(lab, shown, chosen.selection.rows)


def _choice(name: str, label: str, options: Sequence[str]) -> str:
    return st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=f"runs.{name}",
        label_visibility="collapsed",
        width="content",
    )


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "when": column.DatetimeColumn("When", format="D MMM HH:mm:ss", width="small"),
        "recipe": column.TextColumn("Recipe", width="large"),
        "split": column.TextColumn("Split", width="small"),
        "images": column.TextColumn("Images per task", width="small"),
        "mean": column.ProgressColumn("Mean accuracy", min_value=0, max_value=100, format="%.1f %%"),
        "normalised": column.NumberColumn("Normalised", format="%.1f %%", width="small"),
        "seconds": column.NumberColumn("Seconds", format="%.2f", width="small"),
    }


def _actions(lab: Lab, rows: Sequence[RunRow], chosen: Sequence[int]) -> None:
    if not chosen or chosen[0] >= len(rows):
        st.caption(
            "Choose a row to load its recipe into the Merge lab, or to pin the run there as the baseline."
        )
        return
    row = rows[chosen[0]]
    if row.recipe is None:
        st.warning(
            "This version of Tauscope cannot read this recipe: its method or a task is gone.",
            icon=":material/warning:",
        )
        return
    with st.container(horizontal=True):
        if st.button("Load into the lab", key="runs.load", type="primary", icon=":material/tune:"):
            lab.change(row.recipe)
            go_to("Merge lab")
        if st.button(
            "Pin as baseline", key="runs.pin", icon=":material/push_pin:", disabled=row.split != "val"
        ):
            lab.pin_stored(row.run_id)
            go_to("Merge lab")
