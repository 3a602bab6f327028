"""The address bar carries zoo and recipe: a copied link opens the same merge elsewhere."""

from functools import partial
from pathlib import Path

import streamlit as st

from app.services.lab import Lab
from app.services.recipe_text import recipe_from_link, recipe_to_link
from app.services.settings import settings
from app.services.visit import Visit

_RECIPE, _ZOO = "r", "zoo"
_WRITTEN = "merge_lab.links"
"""Session key of the recipes this tab has written into its address."""


def follow_zoo(visit: Visit) -> None:
    """Open a tab's first zoo: the one its address names, else the one the app was started on.

    An address may name only zoos that were opened on this machine before: a link is not a way to make
    the app read other folders.
    """
    if visit.has_asked:
        return
    named = st.query_params.get(_ZOO)
    known = named is not None and Path(named) in visit.recent()
    visit.open(Path(named) if named is not None and known else settings().zoo)
    if named is not None and not known:
        visit.notice = f"The link's zoo '{named}' was never opened on this machine; open it in the Library."


def follow_recipe(lab: Lab) -> None:
    """Take the recipe of an address that this tab did not write itself: a link.

    A browser tells its address as it was when the hand moved, which may be several moves ago.
    """
    word = st.query_params.get(_RECIPE)
    if word is not None and word not in st.session_state.setdefault(_WRITTEN, set()):
        st.session_state[_WRITTEN].add(word)
        lab.take(partial(recipe_from_link, word, tasks=lab.bench.tasks))


def write_address(visit: Visit, lab: Lab) -> None:
    """Write the recipe under the hands into the address, and the zoo unless the app starts on it."""
    word = recipe_to_link(lab.recipe)
    st.session_state.setdefault(_WRITTEN, set()).add(word)
    wanted = {_RECIPE: word}
    if visit.folder is not None and visit.folder != settings().zoo.resolve():
        wanted[_ZOO] = str(visit.folder)
    if {name: st.query_params.get(name) for name in (_RECIPE, _ZOO)} != {_ZOO: None, **wanted}:
        st.query_params.from_dict(wanted)
