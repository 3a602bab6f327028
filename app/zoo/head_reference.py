"""References to heads as `zoo.toml` writes them: a file, or a tensor in one."""

from pathlib import Path


def head_parts(reference: str) -> tuple[Path, str]:
    """The file, and the tensor's name in it; "" where the reference names none.

    >>> head_parts("a#b/heads.pt#digits")[1], head_parts("head_digits.pt")[1]
    ('digits', '')
    """
    file, _, key = reference.rpartition("#") if "#" in reference else (reference, "", "")
    return Path(file), key
