"""Card: the latest runs, to go back to."""

import streamlit as st

from app.session.lab import Lab
from app.widgets.look import as_shown
from app.words.numbers import percent_or_dash
from app.words.recipe_name import recipe_name

_SHOWN = 5


def recent_card(lab: Lab) -> None:
    """Draw the latest runs as rows that load back into the lab."""
    runs = lab.results.finished[:_SHOWN]
    if not runs:
        return
    with st.container(border=True, key="merge_lab.recent_card"):
        st.markdown("**Recent runs**")
        for run in runs:
            row = st.container(horizontal=True, vertical_alignment="center", wrap=False)
            row.caption(as_shown(recipe_name(run.recipe)), width="stretch")
            row.markdown(percent_or_dash(run.mean.accuracy, 1), width="content")
            row.button(
                "",
                key=f"merge_lab.load.{run.run_id}",
                icon=":material/undo:",
                type="tertiary",
                help="Load this recipe again",
                on_click=lab.change,
                args=(run.recipe,),
            )
