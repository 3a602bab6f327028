"""Page: Map."""

from app.registry import Page

PAGE = Page(
    "Map",
    section="Diagnose",
    order=60,
    icon=":material/bubble_chart:",
    explains="Which tasks and layers resemble one another by the direction of their updates, and where a "
    "merge moves single images among the classes.",
    terms=("Task vector", "Chance", "Merge"),
)
