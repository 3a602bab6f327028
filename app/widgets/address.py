"""Zoo, recipe and selection in the address bar: a copied link opens the same view elsewhere."""

from functools import partial
from pathlib import Path

import streamlit as st

from analysis.errors import AnalysisError
from app.errors import USER_ERRORS
from app.session.lab import Lab
from app.session.selection import Selection
from app.session.session import Session
from app.settings import settings
from app.words.plain_text import sentence
from app.words.recipe_text import recipe_from_link, recipe_to_link

_RECIPE, _PINNED, _ZOO = "r", "pin", "zoo"
_WRITTEN = "address.written"
"""Session key of the words this tab has written into its address."""


def follow_zoo(session: Session) -> None:
    """Open a tab's first zoo: the one its address names, else the one the app was started on.

    Where the address names none that can be opened, the tab opens the app's own and states why.
    """
    if session.has_asked:
        return
    zoo, refusal = settings().zoo, None
    if (named := st.query_params.get(_ZOO)) is not None:
        try:
            session.zoo_file(Path(named))
            zoo = Path(named)
        except USER_ERRORS as error:
            refusal = sentence(f"The link's zoo cannot be opened: {error}")
    session.open(zoo)
    session.notice = refusal


def follow_address(lab: Lab, selection: Selection) -> None:
    """Take recipe, pinned run and selection of an address that this tab did not write itself: a link.

    A browser sends the address it had when an input was changed, which may be several changes ago.
    """
    written = st.session_state.setdefault(_WRITTEN, set())
    words = {name: word for name, word in st.query_params.items() if (name, word) not in written}
    written |= words.items()
    words.pop(_ZOO, None)
    pinned, recipe = words.pop(_PINNED, None), words.pop(_RECIPE, None)
    if recipe is not None:
        lab.take(partial(recipe_from_link, recipe, tasks=lab.bench.tasks))
    if pinned is not None:
        _pin(lab, pinned)
    selection.take(words)


def write_address(session: Session, lab: Lab, selection: Selection) -> None:
    """Write recipe, pinned run and selection into the address, and the zoo unless the app starts on it."""
    wanted = dict(selection.words) | {_RECIPE: recipe_to_link(lab.recipe)}
    if lab.results.baseline is not None:
        wanted[_PINNED] = recipe_to_link(lab.results.baseline.recipe)
    if session.folder is not None and session.folder != settings().zoo.resolve():
        wanted[_ZOO] = str(session.folder)
    st.session_state.setdefault(_WRITTEN, set()).update(wanted.items())
    if dict(st.query_params.items()) != wanted:
        st.query_params.from_dict(wanted)


def _pin(lab: Lab, word: str) -> None:
    try:
        recipe = recipe_from_link(word, tasks=lab.bench.tasks)
    except AnalysisError as error:
        lab.notice = sentence(f"The link's pinned run cannot be read: {error}")
    else:
        lab.pinning.recipe(recipe, n_images=lab.n_images)
