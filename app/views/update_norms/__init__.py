"""Page: Update norms."""

from app.registry import Page

PAGE = Page("Update norms", section="Diagnose", order=10, icon=":material/grid_on:")
