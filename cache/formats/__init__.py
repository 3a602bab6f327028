"""The checkpoint formats we read, one per file: a file added here is found, with no other edit."""

import importlib
import pkgutil

from cache.contents import Format

FORMATS: tuple[Format, ...] = tuple(
    importlib.import_module(module.name).FORMAT
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}.")
)
"""Every format, in the order of their files' names."""
