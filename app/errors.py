"""Errors of the app, beside those of `analysis` and `cache`."""


class ZooError(ValueError):
    """A zoo's description, heads, evaluation sets or encoder cannot be used as given."""


class MissingDataError(ZooError):
    """Images that are kept elsewhere are missing; everything else of the zoo works without them."""
