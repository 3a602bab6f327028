"""Page: Sign conflicts."""

from app.registry import Page

PAGE = Page(
    "Sign conflicts",
    section="Diagnose",
    order=20,
    icon=":material/swap_vert:",
    explains="How often tasks pull the same weight in opposite directions, per pair and per layer, beside "
    "what random signs would give. Opposite signs need not cost accuracy: Measured interference "
    "shows what they cost.",
    terms=("Sign conflict", "Chance", "TIES"),
)
