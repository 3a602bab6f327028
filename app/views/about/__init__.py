"""Page: About."""

from app.registry import Page

PAGE = Page(
    "About",
    section="Learn",
    order=20,
    icon=":material/info:",
    explains="What Tauscope is, which version of it and of its libraries runs here, and the papers behind "
    "it.",
)
