"""Page: Runs."""

from app.registry import Page

PAGE = Page(
    "Runs",
    section="Merge",
    order=20,
    icon=":material/list:",
    explains="Every merge that was measured on this zoo by you or on the command line, to load back, pin "
    "or export. Scores on all images and on a quick sample are listed apart.",
    terms=("Validation and test", "Normalised accuracy"),
)
