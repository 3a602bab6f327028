"""The address bar carries the recipe: a copied link opens the same merge elsewhere."""

from functools import partial

import streamlit as st

from app.services.lab import Lab
from app.services.recipe_text import recipe_from_link, recipe_to_link

_PARAMETER = "r"
_WRITTEN = "merge_lab.link"


def follow_link(lab: Lab) -> None:
    """Take the recipe of an address that this tab did not write itself: a link, or the back button."""
    word = st.query_params.get(_PARAMETER)
    if word is not None and word != st.session_state.get(_WRITTEN):
        st.session_state[_WRITTEN] = word
        lab.take(partial(recipe_from_link, word, tasks=lab.bench.tasks))


def write_link(lab: Lab) -> None:
    """Write the recipe under the hands into the address."""
    word = recipe_to_link(lab.recipe)
    if st.session_state.get(_WRITTEN) != word or st.query_params.get(_PARAMETER) != word:
        st.session_state[_WRITTEN] = word
        st.query_params[_PARAMETER] = word
