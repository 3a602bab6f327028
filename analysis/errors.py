"""Errors a caller can mend; anything else is a bug and keeps its traceback."""


class AnalysisError(ValueError):
    """The inputs cannot be analysed as asked; the message states which thing, the limit and what to do."""


class ParameterRangeError(AnalysisError):
    """A setting lies outside its range."""


class MismatchError(AnalysisError):
    """Two things that must have the same names or shapes do not."""
