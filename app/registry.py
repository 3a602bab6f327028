"""The pages there are: adding a folder to `app/views` adds one, with no other edit."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SECTIONS = ("Zoo", "Diagnose", "Merge", "Learn")
"""Sections of the navigation, in order."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the app."""

    title: str
    section: str
    """One of `SECTIONS`."""
    order: int
    """Position within its section, ascending."""
    icon: str
    """A Material symbol, ":material/…:"."""
    render: Callable[[], None]
    """Draws the page; called on every run of the script."""
    is_default: bool = False
    """Whether the app opens here."""

    @property
    def address(self) -> str:
        """Its part of the address bar: "merge-lab"."""
        return self.title.lower().replace(" ", "-")


@cache
def pages() -> tuple[Page, ...]:
    """Every page, in the order of the navigation."""
    # Found by folder name, not by import: pages stand on this module, not the other way round.
    folders = pkgutil.iter_modules([str(Path(__file__).resolve().parent / "views")])
    found = [importlib.import_module(f"app.views.{folder.name}.page").PAGE for folder in folders]
    return tuple(sorted(found, key=lambda page: (SECTIONS.index(page.section), page.order)))
