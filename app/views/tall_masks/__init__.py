"""Page: TALL masks."""

from app.registry import Page

PAGE = Page(
    "TALL masks",
    section="Diagnose",
    order=30,
    icon=":material/filter_alt:",
    explains="Which weights of the sum of all task vectors each task needs, how many tasks share them, and"
    " whether the masked sum gives a task back. Removing weights that one or no task needs is "
    "compared with removing random ones.",
    terms=("TALL mask", "Selfish weight", "Catastrophic weight", "Consensus", "Chance"),
)
