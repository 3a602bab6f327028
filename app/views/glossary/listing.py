"""Words of the glossary that hold what somebody looks for."""

from collections.abc import Mapping

from app.words.glossary import Term
from app.words.papers import as_link


def as_rows(glossary: Mapping[str, Term], sought: str) -> list[tuple[str, str]]:
    """Word and meaning, as Markdown, of those in which the sought text stands, in either; all for nothing."""
    wanted = sought.strip().casefold()
    return [
        (word, f"{term.meaning} {as_link(term.source)}".strip())
        for word, term in glossary.items()
        if wanted in word.casefold() or wanted in term.meaning.casefold()
    ]
