"""Page: Merge lab."""

from app.registry import Page

PAGE = Page("Merge lab", section="Merge", order=10, icon=":material/tune:", is_default=True)
