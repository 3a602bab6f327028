"""Page: LiNeS."""

from app.registry import Page

PAGE = Page(
    "LiNeS",
    section="Diagnose",
    order=40,
    icon=":material/show_chart:",
    explains="A scale that grows with depth, against a constant one of the same overall size, and what "
    "each layer's update is worth to each task.",
    terms=("LiNeS", "λ", "Normalised accuracy", "95 % interval"),
)
