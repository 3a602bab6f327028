"""The pages there are: adding a folder to `app/views` adds one, with no other edit."""

import importlib
import pkgutil
from dataclasses import dataclass, replace
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
    explains: str
    """What one is looking at, in a few sentences."""
    terms: tuple[str, ...] = ()
    """Words of the glossary that stand on it."""
    is_default: bool = False
    """Whether the app opens here."""
    module: str = ""
    """Where `render` draws it; filled in when the page is found."""

    @property
    def address(self) -> str:
        """Its part of the address bar: "merge-lab"."""
        return self.title.lower().replace(" ", "-")

    def render(self) -> None:
        """Draw the page; called on every run of the script."""
        importlib.import_module(self.module).render()


@cache
def pages() -> tuple[Page, ...]:
    """Every page, in the order of the navigation; what draws it is not loaded yet."""
    # Found by folder name, not by import: pages stand on this module, not the other way round.
    folders = pkgutil.iter_modules([str(Path(__file__).resolve().parent / "views")])
    names = [f"app.views.{folder.name}" for folder in folders]
    found = [replace(importlib.import_module(name).PAGE, module=f"{name}.page") for name in names]
    return tuple(sorted(found, key=lambda page: (SECTIONS.index(page.section), page.order)))
