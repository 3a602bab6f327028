"""The card of every chart under Diagnose: its takeaway, the chart, its limits and its data."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from html import escape
from typing import Any

import streamlit as st

from app.figures.layout import CONFIG, Figure
from app.figures.plain_data import as_given
from app.widgets.drawn_input import by_hand
from app.widgets.look import as_shown
from app.words.numbers import Rows, as_csv

_FORMAT = "export.format"
"""What the camera button of every chart saves in this tab: svg, png."""


def card(key: str, title: str) -> AbstractContextManager[Any]:
    """A bordered card with its title; its inputs and charts are drawn inside."""
    outer = st.container(border=True, key=f"{key}.card")
    outer.markdown(f"##### {as_shown(title)}")
    return outer


def chart(
    key: str,
    figure: Figure,
    *,
    takeaway: str,
    cannot_say: str,
    rows: Callable[[], Rows],
    on_click: Callable[[Mapping[str, Any]], None] | None = None,
    is_stale: bool = False,
    legend: str = "",
) -> None:
    """Draw a chart inside a card.

    Args:
        key: Unique on the page; also the name of its files.
        figure: In the page's theme.
        takeaway: One plain sentence computed from the data; also the text for screen readers.
        cannot_say: How the chart is read, and what must not be read from it.
        rows: Makes its data; called when the table is opened.
        on_click: Takes the point that was clicked, as Plotly gives it: x, y, customdata.
        is_stale: Whether newer numbers are on their way.
        legend: HTML of its key, class `tauscope-key`.
    """
    st.markdown(f"**{as_shown(takeaway)}**")
    if legend:
        st.html(legend)
    if is_stale:
        figure = Figure(figure).update_layout(plot_bgcolor="rgba(128,128,128,0.06)")  # others show it too
    others: dict[str, Any] = {}
    if on_click is not None:
        others = {"on_select": lambda: _clicked(key, on_click), "selection_mode": "points"}
    image = {**CONFIG["toImageButtonOptions"], "format": _format(), "filename": key}
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        config={**CONFIG, "toImageButtonOptions": image},
        alt=takeaway,
        **others,
    )
    caption_and_table(key, cannot_say, rows)


def colour_key(hues: Mapping[str, str]) -> str:
    """HTML of the key of a chart whose parts differ by colour: each name beside a square of its hue."""
    spans = [
        f'<span><i class="square" style="background:{hue}"></i>{escape(name)}</span>'
        for name, hue in hues.items()
    ]
    return f'<div class="tauscope-key">{"".join(spans)}</div>'


def caption_and_table(
    key: str, cannot_say: str, rows: Callable[[], Rows], *, has_camera: bool = True
) -> None:
    """Draw what stands below any chart: its limits, its data as a table and CSV, and the export.

    Args:
        key: Of the chart.
        cannot_say: How the chart is read, and what must not be read from it.
        rows: Makes its data; called when the table is opened.
        has_camera: Whether the chart has a button whose format can be chosen.
    """
    st.caption(as_shown(cannot_say))
    table = st.expander("Table and export", key=f"{key}.table", on_change="rerun", type="compact")
    if not table.open:
        return
    data = rows()
    table.dataframe(data, hide_index=True, height="auto" if len(data) < 10 else 320)
    with table.container(horizontal=True, vertical_alignment="bottom"):
        csv_button(key, data)
        if has_camera:
            _format_input(f"{key}.format")


def csv_button(key: str, rows: Rows, *, is_quiet: bool = False) -> None:
    """Draw the button that saves a table as CSV.

    Args:
        key: Of the chart or the table; also the name of the file.
        rows: The table.
        is_quiet: Whether the button has no frame.
    """
    st.download_button(
        "CSV",
        as_csv(rows),
        file_name=f"{key}.csv",
        mime="text/csv",
        key=f"{key}.csv",
        icon=":material/download:",
        type="tertiary" if is_quiet else "secondary",
        on_click="ignore",
    )


def _format() -> str:
    return str(st.session_state.get(_FORMAT, CONFIG["toImageButtonOptions"]["format"]))


def _format_input(key: str) -> None:
    """Choose the format that the camera buttons save; one choice holds for all charts of the tab."""

    def take(chosen: str | None) -> None:
        st.session_state[_FORMAT] = chosen or now

    now = _format()
    st.segmented_control(
        "The camera on a chart saves",
        ["svg", "png"],
        default=now,
        format_func=str.upper,
        key=f"{key}.{now}",
        on_change=by_hand(key, f"{key}.{now}", now, take),
    )


def _clicked(key: str, on_click: Callable[[Mapping[str, Any]], None]) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points:
        on_click(as_given(points[0]))
