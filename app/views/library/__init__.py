"""Page: Library."""

from app.registry import Page

PAGE = Page(
    "Library",
    section="Zoo",
    order=10,
    icon=":material/folder_open:",
    explains="The open zoo: which checkpoints it has, how far each moved from the base, what can be "
    "evaluated, and what looks wrong. Another zoo is opened on the left.",
    terms=("Zoo", "Base", "Task vector", "Control"),
)
