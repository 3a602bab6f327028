"""Mistakes a person can make reach the screen as one sentence; bugs keep their traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from analysis.errors import AnalysisError
from app.errors import ZooError
from cache.errors import CacheError


@contextmanager
def guard() -> Iterator[None]:
    """Show a refusal where it happened and end the run there."""
    try:
        yield
    except (AnalysisError, CacheError, ZooError) as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
