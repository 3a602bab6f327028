"""Errors of files and of the store; the message states which file, the limit and what to do."""


class CacheError(RuntimeError):
    """A file or the store cannot be used."""


class FileError(CacheError):
    """A file cannot be opened or read, or is too large."""


class MissingFileError(FileError):
    """There is no such file."""


class CheckpointError(CacheError):
    """A checkpoint cannot be read as plain tensors."""


class StoreError(CacheError):
    """The results store cannot be used."""
