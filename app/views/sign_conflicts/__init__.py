"""Page: Sign conflicts."""

from app.registry import Page

PAGE = Page("Sign conflicts", section="Diagnose", order=20, icon=":material/swap_vert:")
