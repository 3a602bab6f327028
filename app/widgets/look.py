"""The look of this tab: its theme's palette, and what its zoo's tasks are called where room is short."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from app import resources
from app.figures.palette import Palette, palette
from app.widgets.presenting import PRESENTED, is_presenting
from app.words.markdown import unformatted
from app.words.short_names import ShortNames, in_short


def tab_palette() -> Palette:
    """What figures are drawn with in this tab."""
    magnification = PRESENTED if is_presenting() else 1.0
    return palette(st.context.theme.type, short_names_here(), magnification=magnification)


def short_names_here() -> ShortNames:
    """Short names of the tasks of the open zoo; none while no zoo is open."""
    lab = resources.session().lab
    return {} if lab is None else lab.bench.short_names


def called() -> Callable[[str], str]:
    """What tasks are called in a menu or beside a slider, by their names."""
    return partial(in_short, short=short_names_here())


def as_shown(text: str) -> str:
    """A text as Markdown that shows exactly it, long names of tasks by their short ones."""
    return unformatted(in_short(text, short_names_here()))
