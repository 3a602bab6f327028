import json

import pytest

from cache.errors import FileError
from cache.recognised.folder import require_no_folder


def test_the_checkpoint_in_a_folder_is_named(tmp_path):
    (tmp_path / "pytorch_model.bin").touch()
    (tmp_path / "model.safetensors").touch()

    with pytest.raises(FileError, match=r"it is a folder, not a file; .* such as 'model\.safetensors'"):
        require_no_folder(tmp_path)


def test_an_empty_folder_is_only_a_folder(tmp_path):
    with pytest.raises(FileError, match="it is a folder, not a file; name a checkpoint"):
        require_no_folder(tmp_path)


def test_a_model_in_several_files_is_to_be_put_together(tmp_path):
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))

    with pytest.raises(FileError, match=r"a folder with a model in 2 files; put the parts into one file"):
        require_no_folder(tmp_path)


def test_anything_else_is_left_to_its_reader(tmp_path):
    (tmp_path / "a.pt").touch()

    for path in (tmp_path / "a.pt", tmp_path / "absent", tmp_path / ("a" * 300)):
        require_no_folder(path)
