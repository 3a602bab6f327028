"""Page: TALL masks."""

from app.registry import Page

PAGE = Page("TALL masks", section="Diagnose", order=30, icon=":material/filter_alt:")
