import json
import os
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from blake3 import blake3
from safetensors.torch import save_file

from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError, FileError, MissingFileError
from cache.reading import PIECE
from tests.read_into import read_into


def write_raw(path: Path, header: object, data: bytes = b"", *, padding: int = 0) -> Path:
    text = (header if isinstance(header, bytes) else json.dumps(header).encode()) + b" " * padding
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def field(
    dtype: str = "F32", shape: tuple[int, ...] = (2,), offsets: tuple[int, ...] = (0, 8)
) -> dict[str, object]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def weights(*shape: int, dtype: torch.dtype = torch.float32, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def digest_by_definition(path: Path) -> str:
    content = path.read_bytes()
    pieces = [content[start : start + PIECE] for start in range(0, len(content), PIECE)]
    return blake3(b"".join(blake3(piece).digest() for piece in pieces)).hexdigest()


@pytest.fixture(params=["safetensors", "torch state dict"])
def save(request, tmp_path):
    def save(tensors):
        if request.param == "safetensors":
            save_file(tensors, tmp_path / "saved.safetensors")
            return tmp_path / "saved.safetensors"
        torch.save(OrderedDict(tensors), tmp_path / "saved.pt")
        return tmp_path / "saved.pt"

    return save


def test_entries_state_shape_and_dtype_without_reading(save):
    checkpoint = open_checkpoint(save({"a": weights(2, 3), "b": weights(4, dtype=torch.float16)}))

    assert checkpoint.entries["a"].shape == (2, 3)
    assert checkpoint.entries["a"].dtype == torch.float32
    assert checkpoint.entries["b"].dtype == torch.float16


def test_format_has_its_usual_name(save):
    path = save({"a": weights(2)})

    assert (
        open_checkpoint(path).format
        == {".safetensors": "safetensors", ".pt": "torch state dict"}[path.suffix]
    )


@pytest.mark.parametrize(
    "value",
    [
        weights(3, 5),
        weights(7, dtype=torch.bfloat16),
        weights(7, dtype=torch.float64),
        torch.tensor(1.5),
        torch.empty(0, 4),
        torch.tensor([True, False]),
        torch.arange(5),
    ],
    ids=str,
)
def test_reading_one_tensor_gives_what_was_saved(save, value):
    checkpoint = open_checkpoint(save({"other": weights(3), "a": value.clone()}))

    found = checkpoint.read("a")

    assert found.dtype == value.dtype
    assert torch.equal(found, value)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_every_floating_dtype_lands_as_float32(save, dtype):
    value = weights(300, 17, dtype=dtype)
    target = torch.empty(300, 17)

    read_into(open_checkpoint(save({"a": value})), {"a": target})

    assert torch.equal(target, value.float())


def test_tensors_longer_than_a_piece_land_whole_in_slices_of_one_flat_memory(save):
    first, second = weights(PIECE // 3 + 1), weights(PIECE // 2 + 5, dtype=torch.float16, seed=1)
    flat = torch.full((first.numel() + second.numel() + 1,), 9.0)

    read_into(
        open_checkpoint(save({"first": first, "second": second})),
        {"second": flat[first.numel() : -1], "first": flat[: first.numel()]},
    )

    assert torch.equal(flat[: first.numel()], first)
    assert torch.equal(flat[first.numel() : -1], second.float())
    assert flat[-1] == 9.0


@pytest.mark.parametrize("padding", range(8))
def test_values_cut_by_the_edge_of_a_piece_arrive_unharmed(tmp_path, padding):
    value = weights(PIECE // 4, dtype=torch.float64)
    header = {"a": field("F64", (PIECE // 4,), (0, PIECE * 2))}
    path = write_raw(tmp_path / "odd.safetensors", header, value.numpy().tobytes(), padding=padding)
    target = torch.empty(PIECE // 4)

    read_into(open_checkpoint(path), {"a": target})

    assert torch.equal(target, value.float())


def test_digest_is_the_hash_of_the_hashes_of_the_pieces(save):
    path = save({"a": weights(PIECE), "b": weights(100)})

    read = read_into(open_checkpoint(path), {"a": torch.empty(PIECE)})

    assert read == open_checkpoint(path).digest() == digest_by_definition(path)


def test_one_changed_weight_changes_the_digest(save):
    value = weights(100)
    before = open_checkpoint(save({"a": value})).digest()
    value[50] += 1

    assert open_checkpoint(save({"a": value})).digest() != before


def test_names_come_in_the_order_of_the_file(tmp_path):
    header = {"z": field(), "a": field(offsets=(8, 16)), "m": field(offsets=(16, 24))}

    checkpoint = open_checkpoint(write_raw(tmp_path / "z.safetensors", header, bytes(24)))

    assert list(checkpoint.entries) == ["z", "a", "m"]


def test_metadata_is_kept_word_for_word(tmp_path):
    save_file({"a": weights(1)}, tmp_path / "a.safetensors", metadata={"recipe": "method: ties"})

    assert open_checkpoint(tmp_path / "a.safetensors").metadata == {"recipe": "method: ties"}


def test_wrapped_names_are_read_by_their_canonical_name_and_remember_the_source(save):
    checkpoint = open_checkpoint(save({"model.visual.proj": weights(2)}))

    assert torch.equal(checkpoint.read("visual.proj"), weights(2))
    assert checkpoint.entries["visual.proj"].sources == ("model.visual.proj",)


def test_two_names_for_one_tensor_are_refused(save):
    path = save({"model.visual.proj": weights(2), "visual.proj": weights(2)})

    with pytest.raises(CheckpointError, match=r"'model.visual.proj' and 'visual.proj' both stand for"):
        open_checkpoint(path)


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(MissingFileError, match=r"absent.safetensors' cannot be read: No such file"):
        open_checkpoint(tmp_path / "absent.safetensors")


def test_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"holds no weights \(no file that ends in \.safetensors, "):
        open_checkpoint(tmp_path)


@pytest.mark.parametrize("name", ["a.safetensors", "a.pt", "a"])
def test_empty_file_is_refused(tmp_path, name):
    (tmp_path / name).touch()

    with pytest.raises(CheckpointError, match="is empty"):
        open_checkpoint(tmp_path / name)


def test_an_unknown_file_is_refused_with_the_formats_that_are_read(tmp_path):
    (tmp_path / "notes").write_bytes(b"\1\2\3\4")

    with pytest.raises(
        CheckpointError, match=r"'notes' is not a checkpoint .*safetensors or torch .*state dict"
    ):
        open_checkpoint(tmp_path / "notes")


@pytest.mark.parametrize("name", ["a.pt", "a.safetensors"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not a model, only words", "is text, not a checkpoint"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer"),
        (b"GGUF\3\0\0\0", "is a GGUF model"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(CheckpointError, match=f"'{name}' {message}"):
        open_checkpoint(tmp_path / name)


@pytest.mark.parametrize(
    ("file", "tensors", "message"),
    [
        ("a", {"q.lora_A.weight": weights(2, 2)}, "is an adapter"),
        ("a", {"q.qweight": torch.zeros(2, 2, dtype=torch.int32)}, "holds quantised weights"),
        ("model-00001-of-00002", {"q.weight": weights(2, 2)}, "is part 1 of the 2 files"),
    ],
)
@pytest.mark.parametrize("ending", [".safetensors", ".bin"])
def test_what_is_no_weights_by_itself_is_refused(tmp_path, ending, file, tensors, message):
    path = tmp_path / (file + ending)
    (save_file if ending == ".safetensors" else torch.save)(tensors, path)

    with pytest.raises(CheckpointError, match=message):
        open_checkpoint(path)


@pytest.mark.parametrize("name", ["a.pt", "a", "a.safetensors"])
def test_a_safetensors_file_is_one_under_any_name(tmp_path, name):
    save_file({"a": weights(2)}, tmp_path / name)

    assert open_checkpoint(tmp_path / name).format == "safetensors"


@pytest.mark.parametrize("name", ["a.bin", "a", "a.pt", "a.safetensors"])
def test_a_state_dict_is_one_under_any_name(tmp_path, name):
    torch.save({"a": weights(2)}, tmp_path / name)

    assert open_checkpoint(tmp_path / name).format == "torch state dict"


@pytest.mark.parametrize("share", [0.0005, 0.005, 0.5, 0.999])
def test_truncated_file_is_refused(save, share):
    path = save({"a": weights(2000), "b": weights(2000, seed=1)})
    os.truncate(path, int(path.stat().st_size * share))

    with pytest.raises(CheckpointError, match=r"copy or download it again|it is truncated"):
        open_checkpoint(path)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"a": field(), "b": field(offsets=(4, 12))}, "'b' overlaps 'a'"),
        ({"a": field(), "b": field(offsets=(12, 20))}, "'b' leaves a gap after 'a'"),
        ({"a": field(offsets=(8, 16))}, "'a' leaves a gap after the header"),
        ({"a": field(offsets=(400, 408))}, "'a' reaches to byte"),
        ({"a": field()}, "16 bytes that belong to no tensor"),
        (
            {"a": field(shape=(3,), offsets=(0, 24))},
            r"'a' of shape \(3,\) in F32 needs 12 bytes, .* gives it 24",
        ),
        ({"a": field(shape=(6,), offsets=(24, 0))}, "gives it -24"),
        ({"a": field(shape=(-6,), offsets=(0, 24))}, "whole numbers >= 0"),
        ({"a": field(shape=(True,), offsets=(0, 24))}, "whole numbers >= 0"),
        ({"a": field(offsets=(0, 8, 24))}, "the second of two"),
        ({"a": field("F33")}, "'a' has dtype 'F33'; the dtypes read here are F64, F32"),
        ({"a": {"dtype": "F32", "shape": [6]}}, "'a' must have dtype, shape and data_offsets"),
        ({"a": 3}, "'a' must have dtype, shape and data_offsets"),
        ({"__metadata__": {"a": 3}, "a": field()}, "'__metadata__' must map text to text"),
        ({"__metadata__": [], "a": field()}, "'__metadata__' must map text to text"),
        ({"__metadata__": None, "a": field()}, "'__metadata__' must map text to text"),
        ({"a": field(shape=(1,) * 1000, offsets=(0, 24))}, "'a' has 1000 axes; the limit is 64"),
        ({"a": field(shape=(2**62,) * 60, offsets=(0, 24))}, "'a' has shape .* than memory can address"),
        ({"\ud800": field(offsets=(0, 24))}, "the name '.*', which is no text"),
        (b'{"a": 1, "a": 2}', "names 'a' twice"),
        (b'{"a": ', "not valid JSON"),
        (b'{"a":' + b"[" * 100_000, "not valid JSON"),
        (b"[1, 2]", "not a JSON object"),
    ],
)
def test_a_header_that_lies_is_refused_by_name(tmp_path, header, message):
    path = write_raw(tmp_path / "liar.safetensors", header, bytes(24))

    with pytest.raises(CheckpointError, match=f"'liar.safetensors'.*{message}"):
        open_checkpoint(path)


def test_an_absurd_header_length_is_refused(tmp_path):
    (tmp_path / "liar.safetensors").write_bytes((2**60).to_bytes(8, "little") + b"{}")

    with pytest.raises(
        CheckpointError, match="claims a header of 1152921504606846976 bytes; the limit is 100000000"
    ):
        open_checkpoint(tmp_path / "liar.safetensors")


def test_more_tensors_than_any_model_has_are_refused_before_the_header_is_parsed(tmp_path):
    # Not even JSON: parsing a header of a million tensors takes a gigabyte.
    header = b'{"data_offsets" ' * 100_001
    path = tmp_path / "many.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header)

    with pytest.raises(
        CheckpointError, match=r"'many\.safetensors' holds 100001 tensors; the limit is 100000"
    ):
        open_checkpoint(path)


def test_a_file_without_tensors_is_refused(save):
    with pytest.raises(CheckpointError, match="holds no tensors"):
        open_checkpoint(save({}))


def test_a_file_replaced_after_opening_is_refused(save):
    checkpoint = open_checkpoint(save({"a": weights(100)}))
    save({"a": weights(200)})

    for use in (checkpoint.digest, lambda: checkpoint.read("a"), lambda: read_into(checkpoint, {})):
        with pytest.raises(CheckpointError, match="changed on disk after it was opened"):
            use()


def test_a_file_removed_after_opening_is_refused(save):
    path = save({"a": weights(100)})
    checkpoint = open_checkpoint(path)
    checkpoint.digest()
    path.unlink()

    for use in (checkpoint.digest, lambda: checkpoint.read("a"), lambda: read_into(checkpoint, {})):
        with pytest.raises(MissingFileError, match="cannot be read: No such file"):
            use()


def test_an_absent_tensor_is_refused_by_name(save):
    checkpoint = open_checkpoint(save({"a": weights(2)}))

    with pytest.raises(CheckpointError, match="has no tensor 'b'"):
        checkpoint.read("b")


def test_whole_numbers_are_no_weights(save):
    checkpoint = open_checkpoint(save({"position_ids": torch.arange(4)}))

    with pytest.raises(CheckpointError, match="'position_ids' is int64; weights must be of floating point"):
        read_into(checkpoint, {"position_ids": torch.empty(4)})


def test_the_model_under_a_key_is_read(tmp_path):
    raw, averaged = {"a": weights(3)}, {"a": weights(3, seed=1)}
    torch.save({"state_dict": raw, "ema": {"model": averaged}, "epoch": 3}, tmp_path / "a.pt")

    checkpoint = open_checkpoint(tmp_path / "a.pt", "ema.model")

    assert torch.equal(checkpoint.read("a"), averaged["a"])
    assert checkpoint.notes == ("Weights were taken from 'ema.model'.",)
    assert checkpoint.doubts == ()


def test_a_key_with_dots_of_its_own_is_found(tmp_path):
    torch.save({"ema.1": {"a": weights(3)}, "ema": {"2": {"a": weights(2)}}}, tmp_path / "a.pt")

    assert open_checkpoint(tmp_path / "a.pt", "ema.1").entries["a"].shape == (3,)
    assert open_checkpoint(tmp_path / "a.pt", "ema.2").entries["a"].shape == (2,)


def test_a_key_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    torch.save({"state_dict": {"a": weights(3)}, "ema": {"a": weights(3)}}, tmp_path / "a.pt")

    with pytest.raises(
        CheckpointError, match="holds nothing under 'teacher'; weights lie under 'state_dict', 'ema'"
    ):
        open_checkpoint(tmp_path / "a.pt", "teacher")


def test_a_key_of_a_file_that_is_one_model_is_refused(tmp_path):
    save_file({"a": weights(2)}, tmp_path / "a.safetensors")

    with pytest.raises(
        CheckpointError, match=r"'a\.safetensors' is one model, so '#ema' names no part of it"
    ):
        open_checkpoint(tmp_path / "a.safetensors", "ema")
