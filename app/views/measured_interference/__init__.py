"""Page: Measured interference."""

from app.registry import Page

PAGE = Page(
    "Measured interference",
    section="Diagnose",
    order=50,
    icon=":material/science:",
    explains="What merging two tasks, or leaving one out, does to the accuracy of each: measured, image by"
    " image, with tests corrected for their number.",
    terms=("Merge", "Sign conflict", "Weight disentanglement", "95 % interval"),
)
