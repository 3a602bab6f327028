"""Page: Runs."""

from app.registry import Page

PAGE = Page("Runs", section="Merge", order=20, icon=":material/list:")
