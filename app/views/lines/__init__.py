"""Page: LiNeS."""

from app.registry import Page

PAGE = Page("LiNeS", section="Diagnose", order=40, icon=":material/show_chart:")
