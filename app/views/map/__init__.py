"""Page: Map."""

from app.registry import Page

PAGE = Page("Map", section="Diagnose", order=60, icon=":material/bubble_chart:")
