from pathlib import Path

import pytest

from app.zoo.head_reference import head_parts


@pytest.mark.parametrize(
    ("reference", "file", "key"),
    [
        ("heads.safetensors#digits", "heads.safetensors", "digits"),
        ("head_digits.pt", "head_digits.pt", ""),
        ("a#b/heads.pt#digits", "a#b/heads.pt", "digits"),
    ],
)
def test_tensor_is_named_behind_the_last_mark(reference, file, key):
    assert head_parts(reference) == (Path(file), key)
