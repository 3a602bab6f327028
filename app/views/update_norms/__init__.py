"""Page: Update norms."""

from app.registry import Page

PAGE = Page(
    "Update norms",
    section="Diagnose",
    order=10,
    icon=":material/grid_on:",
    explains="How much fine-tuning changed each layer, tensor and weight, relative to the base. A large "
    "change need not matter for accuracy; a layer that all tasks change much is where they can "
    "collide.",
    terms=("Task vector", "Chance", "Effective rank"),
)
