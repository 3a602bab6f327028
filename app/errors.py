"""What the app refuses, beside what `analysis` and `cache` refuse."""


class ZooError(ValueError):
    """A zoo's description, heads, evaluation sets or encoder cannot be used as given."""


class MissingDataError(ZooError):
    """Images that are kept elsewhere are not there; everything else of the zoo works without them."""
