"""Both ends of the ramp under the hands, to drag and to type."""

from math import ceil, floor

import streamlit as st

from app.session.selection import Selection
from app.views.lines.ramp import alpha_said
from app.views.lines.settings_card import ALPHA, BETA, HIGH, LOW, RULE, LinesSettings
from app.views.lines.touched_card import is_touched, remember_first

_RANGES = {ALPHA: (-1.0, 3.0), BETA: (-1.0, 4.0)}
"""Ends of the sliders; a value beyond the ends of an input stretches it."""


def ends(selection: Selection, settings: LinesSettings) -> None:
    """Draw α and β; a move is a choice of the page."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="lines.ends"):
        _end(selection, ALPHA, "α, the first block", settings.alpha)
        _end(selection, BETA, "β, what the last gets on top", settings.scale.beta)
        if settings.scale.alpha is not None and settings.profile.alpha is not None:
            st.button(
                f"α by the rule, {settings.profile.alpha:.3g}",
                key="lines.rule",
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=_by_the_rule,
                args=(selection,),
            )
    st.caption(
        f"{alpha_said(settings.scale, settings.profile)}. Factor of block l: α + β · l / (L − 1); "
        f"the last block has {settings.alpha + settings.scale.beta:.3g}."
    )


def _end(selection: Selection, name: str, label: str, value: float) -> None:
    low, high = _RANGES[name]
    keys = {
        kind: f"lines.{name}.{kind}.{_turn(name, kind)}.{selection.revision}" for kind in ("slider", "number")
    }

    for kind, key in keys.items():
        remember_first(f"lines.{name}.{kind}", key, value)

    def take(moved: str, other: str) -> None:
        if is_touched(f"lines.{name}.{moved}", keys[moved]):
            selection.set(name, f"{st.session_state[keys[moved]]:g}")
            _shown_anew(name, other)

    with st.container(horizontal=True, vertical_alignment="bottom", width="content", gap="xsmall"):
        st.slider(
            label,
            min(low, float(floor(value))),
            max(high, float(ceil(value))),
            value,
            0.05,
            format="%.3g",
            key=keys["slider"],
            on_change=take,
            args=("slider", "number"),
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
            on_change=take,
            args=("number", "slider"),
            label_visibility="collapsed",
            width=112,
        )


def _by_the_rule(selection: Selection) -> None:
    selection.set(ALPHA, RULE)
    _shown_anew(ALPHA, "slider")
    _shown_anew(ALPHA, "number")


# An input keeps what it was given first: it gets another key when the value was changed elsewhere, and
# only then, so that the one under the hands keeps the keyboard.
def _turn(name: str, kind: str) -> int:
    return int(st.session_state.get(f"lines.{name}.{kind}.turn", 0))


def _shown_anew(name: str, kind: str) -> None:
    st.session_state[f"lines.{name}.{kind}.turn"] = _turn(name, kind) + 1
