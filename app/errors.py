"""Errors of the app, beside those of `analysis` and `cache`."""

from analysis.errors import AnalysisError
from cache.errors import CacheError


class ZooError(ValueError):
    """A zoo's description, heads, evaluation sets or encoder cannot be used as given."""


class UnreadablePictureError(ZooError):
    """One picture of an evaluation set cannot be read; the others can do without it."""

    def __init__(self, message: str, picture: str) -> None:
        """Say what is wrong, and with which picture."""
        super().__init__(message)
        self.picture = picture


class MissingDataError(ZooError):
    """Images that are kept elsewhere are missing; everything else of the zoo works without them."""


class NoAccuracyError(ValueError):
    """A model's outputs are not finite: it has no accuracy, and no loss."""


USER_ERRORS: tuple[type[Exception], ...] = (AnalysisError, CacheError, ZooError, NoAccuracyError)
"""Errors whose message is meant for a person as it stands: anything else is a fault of ours."""
