import pytest
import torch
from safetensors.torch import save_file

from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError
from cache.recognised.hub_cache import names_of


def cached(folder, name):
    """A file in a cache as huggingface_hub lays it out, and the link to it."""
    blob = folder / "models--org--name/blobs/0123abcd"
    link = folder / "models--org--name/snapshots/9f" / name
    for path in (blob, link):
        path.parent.mkdir(parents=True, exist_ok=True)
    save_file({"a": torch.zeros(2)}, blob)
    link.symlink_to("../../blobs/0123abcd")
    return blob, link


def test_a_blob_has_the_names_of_the_links_to_it(tmp_path):
    blob, link = cached(tmp_path, "model.safetensors")
    link.with_name("other").symlink_to("../../blobs/elsewhere")

    assert names_of(blob) == [blob, link]
    assert names_of(link) == [link]


def test_a_shard_is_one_by_its_blob_too(tmp_path):
    blob, link = cached(tmp_path, "model-00001-of-00002.safetensors")

    for path in (blob, link):
        with pytest.raises(CheckpointError, match="is part 1 of the 2 files of one model"):
            open_checkpoint(path)


def test_settings_beside_the_link_count_for_its_blob(tmp_path):
    blob, link = cached(tmp_path, "model.safetensors")
    assert list(open_checkpoint(blob).entries) == ["a"]

    link.with_name("config.json").write_text('{"quantization_config": {"quant_method": "awq"}}')

    with pytest.raises(CheckpointError, match=r"quantised weights \(by awq"):
        open_checkpoint(blob)
