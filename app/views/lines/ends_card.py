"""Inputs for both ends of the ramp, each to drag and to type."""

from collections.abc import Callable

import streamlit as st

from app.session.selection import Selection
from app.views.lines.ends import alpha_warning, ends_caption, slider_range
from app.views.lines.settings import ALPHA, BETA, HIGH, LOW, RULE, LinesSettings
from app.widgets.drawn_input import by_hand
from app.widgets.look import as_shown


def ends(selection: Selection, settings: LinesSettings) -> None:
    """Draw α and β, and a warning where the rule's α is too large; a change is a choice of the page."""
    warning = alpha_warning(settings.profile, settings.alpha, settings.n_tasks)
    if warning:
        st.warning(as_shown(warning), icon=":material/warning:")
    with st.container(horizontal=True, vertical_alignment="bottom", key="lines.ends"):
        _end(selection, ALPHA, "α, first block", settings.alpha)
        _end(selection, BETA, "β, rise to last block", settings.scale.beta)
        if settings.scale.alpha is not None and settings.profile.alpha is not None:
            st.button(
                f"Use the rule's α, {settings.profile.alpha:.3g}",
                key="lines.rule",
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=_take_rule,
                args=(selection,),
            )
    st.caption(as_shown(ends_caption(settings)))


def _end(selection: Selection, name: str, label: str, value: float) -> None:
    keys = {
        kind: f"lines.{name}.{kind}.{_turn(name, kind)}.{selection.revision}" for kind in ("slider", "number")
    }

    def taken_by(kind: str, other: str) -> Callable[[], None]:
        def take(number: float) -> None:
            selection.set(name, f"{number:g}")
            _replace(name, other)

        return by_hand(f"lines.{name}.{kind}", keys[kind], value, take)

    low, high = slider_range(name, value)
    with st.container(horizontal=True, vertical_alignment="bottom", width="content", gap="xsmall"):
        st.slider(
            label,
            low,
            high,
            value,
            0.05,
            format="%.3g",
            key=keys["slider"],
            on_change=taken_by("slider", "number"),
            width=150,
        )
        st.number_input(
            f"{label}, typed",
            min(LOW, value),
            max(HIGH, value),
            value,
            0.05,
            format="%.3f",
            key=keys["number"],
            on_change=taken_by("number", "slider"),
            label_visibility="collapsed",
            width=112,
        )


def _take_rule(selection: Selection) -> None:
    selection.set(ALPHA, RULE)
    _replace(ALPHA, "slider")
    _replace(ALPHA, "number")


# An input keeps the value it was drawn with: it gets another key when its value was changed elsewhere, and
# only then, so that the input a person is using keeps the keyboard.
def _turn(name: str, kind: str) -> int:
    return int(st.session_state.get(f"lines.{name}.{kind}.turn", 0))


def _replace(name: str, kind: str) -> None:
    st.session_state[f"lines.{name}.{kind}.turn"] = _turn(name, kind) + 1
