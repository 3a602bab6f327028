"""Page: Merge lab."""

from app.registry import Page

PAGE = Page(
    "Merge lab",
    section="Merge",
    order=10,
    icon=":material/tune:",
    is_default=True,
    explains="A merge, live: choose method and scale, move a slider, and read each task's accuracy between"
    " the base and its own fine-tuned model. Pin a run to compare others with it, image by image.",
    terms=(
        "Merge",
        "λ",
        "Task arithmetic",
        "TIES",
        "Consensus",
        "LiNeS",
        "Zero-shot",
        "Normalised accuracy",
        "Control",
        "Identity",
        "Validation and test",
    ),
)
