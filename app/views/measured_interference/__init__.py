"""Page: Measured interference."""

from app.registry import Page

PAGE = Page("Measured interference", section="Diagnose", order=50, icon=":material/science:")
