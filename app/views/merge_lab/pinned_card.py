"""Card: which run is pinned, what leads from it to the present recipe, and ways back to it."""

import streamlit as st

from app.session.lab import Lab
from app.widgets.look import as_shown
from app.words.numbers import percent_or_dash
from app.words.recipe_name import recipe_change, recipe_name


def pinned_card(lab: Lab) -> None:
    """Draw the pinned run by its name, and what was changed since; nothing while none is pinned."""
    pinned = lab.results.baseline
    if pinned is None:
        return
    is_here = pinned.recipe == lab.recipe
    with st.container(horizontal=True, vertical_alignment="center", key="merge_lab.pinned_card"):
        name = f"{recipe_name(pinned.recipe)} · {percent_or_dash(pinned.mean.accuracy, 1)}"
        since = "" if is_here else f" · since then {recipe_change(pinned.recipe, lab.recipe)}"
        st.markdown(f":material/push_pin: **Pinned:** {as_shown(name + since)}", width="stretch")
        st.button(
            "Load",
            key="merge_lab.load_pinned",
            type="tertiary",
            icon=":material/undo:",
            disabled=is_here,
            help="Go back to the pinned recipe",
            on_click=lambda: lab.change(pinned.recipe),
        )
        st.button(
            "Swap",
            key="merge_lab.swap_pinned",
            type="tertiary",
            icon=":material/swap_horiz:",
            disabled=is_here or not lab.is_measured,
            help="Pin the run shown, and load the one pinned now",
            on_click=lambda: _swap(lab),
        )


def _swap(lab: Lab) -> None:
    before = lab.results.baseline
    lab.results.pin()
    if before is not None:
        lab.change(before.recipe)
