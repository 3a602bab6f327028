"""What the app refuses, beside what `analysis` and `cache` refuse."""


class ZooError(ValueError):
    """A zoo's description, heads, evaluation sets or encoder cannot be used as given."""
