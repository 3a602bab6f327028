"""The checkpoint formats we read: one file each. To add one, write its `FORMAT` and list it here."""

from cache.formats import safetensors_file, torch_state_dict
from cache.formats.contents import Format

FORMATS: tuple[Format, ...] = (safetensors_file.FORMAT, torch_state_dict.FORMAT)
"""Asked in this order; the first that recognises a file reads it."""
