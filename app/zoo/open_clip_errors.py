"""Errors of open_clip and timm, which may raise anything at a config that they cannot build."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import shorten

from app.errors import ZooError
from app.words.plain_text import sentence_of

_LOG = logging.getLogger(__name__)
_LONGEST = 300
"""Characters of an error that are repeated."""


@contextmanager
def in_one_sentence(what: str) -> Iterator[None]:
    """Turn whatever is raised inside into one sentence; where the fault is ours, the log has all of it.

    Args:
        what: What could not be done, as the sentence begins: "open_clip cannot build 'config.json'".

    Raises:
        ZooError: Something was raised.
    """
    try:
        yield
    except ZooError:
        raise
    except Exception as error:
        _LOG.info("%s", what, exc_info=True)
        # A bare assertion has no words but its own line.
        reason = (
            sentence_of(error) or traceback.extract_tb(error.__traceback__)[-1].line or type(error).__name__
        )
        reason = shorten(reason, _LONGEST, placeholder="…").removesuffix(".")
        raise ZooError(f"{what}: {reason}.") from error
