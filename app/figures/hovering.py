"""Lines of the text beside the pointer: short enough for the text to fit beside its mark on any chart."""

import re
from collections.abc import Iterator
from textwrap import TextWrapper
from typing import Any

from app.figures.layout import Figure

LINE = 38
"""Characters of a line: about 250 pixels, so that it fits beside the middle of the narrowest chart."""

_BREAK, _EXTRA = "<br>", "<extra>"
_WRAPPER = TextWrapper(LINE, break_long_words=True, break_on_hyphens=True)
_WHOLE = re.compile(r"%\{[^}]*\}|&#?\w+;|<[^>]*>")
"""Placeholders of a template, escaped signs and tags: no break falls inside."""


def with_short_lines(figure: Figure) -> Figure:
    """The figure with every text beside the pointer in lines of at most `LINE` characters."""
    for trace in figure.data:
        for name in ("hovertext", "hovertemplate"):
            if name not in trace or trace[name] is None:
                continue
            broken = _each(trace[name])
            if broken != trace[name]:  # Plotly takes long to check texts
                trace[name] = broken
    return figure


def in_lines(text: str) -> str:
    """The text with breaks between its lines; a template keeps its placeholders whole.

    Lines that are broken already stay so, and are broken again where they are too long.
    """
    shown, extra, rest = text.partition(_EXTRA)
    return _BREAK.join(line for part in shown.split(_BREAK) for line in _lines(part)) + extra + rest


def _lines(text: str) -> Iterator[str]:
    if len(text) <= LINE:
        yield text
        return
    whole = iter(_WHOLE.findall(text))
    for line in _WRAPPER.wrap(_WHOLE.sub("\0", text)):
        yield re.sub("\0", lambda _: next(whole), line)


def _each(texts: Any) -> Any:
    return in_lines(texts) if isinstance(texts, str) else tuple(in_lines(str(text)) for text in texts)
