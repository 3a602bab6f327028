"""The address bar carries zoo, recipe and what is chosen: a copied link opens the same view elsewhere."""

from functools import partial
from pathlib import Path

import streamlit as st

from app.session.lab import Lab
from app.session.selection import Choices
from app.session.session import Visit
from app.settings import settings
from app.words.recipe_text import recipe_from_link, recipe_to_link

_RECIPE, _ZOO = "r", "zoo"
_WRITTEN = "address.written"
"""Session key of the words this tab has written into its address."""


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


def follow_address(lab: Lab, choices: Choices) -> None:
    """Take the recipe and the choices of an address that this tab did not write itself: a link.

    A browser tells its address as it was when the hand moved, which may be several moves ago.
    """
    written = st.session_state.setdefault(_WRITTEN, set())
    words = {name: word for name, word in st.query_params.items() if (name, word) not in written}
    written |= words.items()
    words.pop(_ZOO, None)
    recipe = words.pop(_RECIPE, None)
    if recipe is not None:
        lab.take(partial(recipe_from_link, recipe, tasks=lab.bench.tasks))
    choices.take(words)


def write_address(visit: Visit, lab: Lab, choices: Choices) -> None:
    """Write recipe and choices into the address, and the zoo unless the app starts on it."""
    wanted = dict(choices.words) | {_RECIPE: recipe_to_link(lab.recipe)}
    if visit.folder is not None and visit.folder != settings().zoo.resolve():
        wanted[_ZOO] = str(visit.folder)
    st.session_state.setdefault(_WRITTEN, set()).update(wanted.items())
    if dict(st.query_params.items()) != wanted:
        st.query_params.from_dict(wanted)
