"""One run of the script for a tab, once everything is loaded."""

from typing import Any

from app import resources
from app.widgets.work_line import work_line


def visit(page: Any) -> None:
    """Draw the line of the worker and the page.

    Args:
        page: Of Streamlit's navigation.
    """
    session = resources.session()
    session.visit(page.title)
    work_line(session)
    page.run()
