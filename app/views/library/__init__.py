"""Page: Library."""

from app.registry import Page

PAGE = Page("Library", section="Zoo", order=10, icon=":material/folder_open:")
