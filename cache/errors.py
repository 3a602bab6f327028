"""What can go wrong with files and the store; the message says which file, the limit and what to do."""


class CacheError(RuntimeError):
    """A file or the store cannot be used."""


class CheckpointError(CacheError):
    """A checkpoint cannot be read as plain tensors."""


class StoreError(CacheError):
    """The results store cannot be used."""
