"""Page: Glossary."""

from app.registry import Page

PAGE = Page(
    "Glossary",
    section="Learn",
    order=10,
    icon=":material/menu_book:",
    explains="The words of the field that stand on the pages, with the papers they come from.",
)
