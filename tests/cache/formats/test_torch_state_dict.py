import argparse
import os
import pickle
import sys
import warnings
import zipfile
import zlib
from collections import OrderedDict, defaultdict
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
import torch

from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError
from tests.read_into import read_into
from tests.torch_archives import state_dict_of, tensor_of, write_archive


def weights(*shape, dtype=torch.float32, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def saved(path, value, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.save(value, path, **settings)
    return path


def net():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
    model.register_buffer("scratch", torch.zeros(3), persistent=False)
    return model


def assert_holds(path, state):
    checkpoint = open_checkpoint(path)

    assert list(checkpoint.entries) == list(state)
    for name, value in state.items():
        assert checkpoint.entries[name].dtype == value.dtype
        assert torch.equal(checkpoint.read(name), value)


def test_tied_and_transposed_tensors_are_read_right(tmp_path):
    value = weights(4, 6)
    saved(tmp_path / "a.pt", {"a": value, "tied": value, "turned": value.T, "part": value[1:3, ::2]})
    targets = {"a": torch.empty(24), "turned": torch.empty(6, 4)}

    checkpoint = open_checkpoint(tmp_path / "a.pt")
    read_into(checkpoint, targets)

    assert torch.equal(targets["a"], value.flatten())
    assert checkpoint.entries["a"].aliases == ("tied",)
    assert torch.equal(targets["turned"], value.T)
    assert torch.equal(checkpoint.read("part"), value[1:3, ::2])


@pytest.mark.parametrize("protocol", range(1, pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_and_type_is_read_to_the_bit(tmp_path, protocol):
    types = [
        "float64",
        "float32",
        "float16",
        "bfloat16",
        "int64",
        "int32",
        "int16",
        "int8",
        "uint8",
        "bool",
        "complex64",
    ]
    state = {name: weights(3, 2, dtype=getattr(torch, name)) for name in types}
    state |= {"float8": weights(3, 2).to(torch.float8_e4m3fn).view(torch.uint8), "empty": torch.empty(0, 4)}
    state |= {"parameter": torch.nn.Parameter(weights(2)), "scalar": torch.tensor(2.0)}

    assert_holds(saved(tmp_path / "a.pt", OrderedDict(state), pickle_protocol=protocol), state)


def test_floats_of_eight_bits_are_read(tmp_path):
    value = weights(3, 2).to(torch.float8_e5m2)

    found = open_checkpoint(saved(tmp_path / "a.pt", {"a": value})).read("a")

    assert found.dtype == value.dtype
    assert torch.equal(found.view(torch.uint8), value.view(torch.uint8))


@pytest.mark.parametrize(
    ("key", "more"),
    [
        ("state_dict", {}),
        ("model", {"args": argparse.Namespace(lr=0.1)}),
        ("model_state_dict", {"best": np.float64(0.9), "scores": np.zeros(3)}),
        ("net", {"path": PurePosixPath("runs"), "table": defaultdict(dict)}),
        ("module", {"optimizer": {"state": {0: {"exp_avg": weights(2)}}, "param_groups": [{"lr": 0.1}]}}),
        ("state_dict_ema", {"device": torch.device("cpu"), "dtype": torch.float16, "size": torch.Size([3])}),
    ],
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_objects_beside_the_weights_are_left_aside(tmp_path, protocol, key, more):
    state = net().state_dict()
    path = saved(tmp_path / "a.ckpt", {"epoch": 3, key: state, **more}, pickle_protocol=protocol)

    assert_holds(path, state)
    checkpoint = open_checkpoint(path)
    assert checkpoint.metadata == {"epoch": "3"}
    assert f"taken from '{key}'" in checkpoint.notes[0]
    assert all(f"'{name}'" in checkpoint.notes[0] for name in more)


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_whole_module_gives_what_its_state_dict_would(tmp_path, protocol):
    path = saved(tmp_path / "a.pt", net(), pickle_protocol=protocol)

    assert_holds(path, net().state_dict())
    assert "torch.nn.modules.container.Sequential" in open_checkpoint(path).notes[0]


def test_torchscript_gives_its_tensors(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(torch.nn.Sequential(torch.nn.Linear(3, 4))).save(tmp_path / "a.pt")
    torch.manual_seed(0)

    checkpoint = open_checkpoint(tmp_path / "a.pt")

    assert list(checkpoint.entries) == ["0.weight", "0.bias"]
    assert "TorchScript" in checkpoint.notes[0]


class Malice:
    def __init__(self, evidence):
        self.evidence = evidence

    def __reduce__(self):
        return Path.touch, (self.evidence,)


@pytest.mark.parametrize("beside", [False, True])
def test_code_in_a_pickle_is_not_run(tmp_path, beside):
    state = {"a": weights(2)} if beside else {}
    saved(tmp_path / "a.pt", {**state, "malice": Malice(tmp_path / "executed")})

    if beside:
        assert torch.equal(open_checkpoint(tmp_path / "a.pt").read("a"), weights(2))
    else:
        with pytest.raises(
            CheckpointError, match=r"'a.pt' holds no tensors \('malice' is a.* save the weights"
        ):
            open_checkpoint(tmp_path / "a.pt")
    assert not (tmp_path / "executed").exists()


def test_classes_of_the_file_are_never_looked_up(tmp_path, monkeypatch):
    (tmp_path / "marks.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(str(tmp_path))
    value = tensor_of(size=2)
    content = state_dict_of(a=value, odd=b"cmarks\nleave\n)R", worse=b"cos\nsystem\n(U\x06exit 3tR")

    checkpoint = open_checkpoint(write_archive(tmp_path / "a.pt", content, weights(2)))

    assert torch.equal(checkpoint.read("a"), weights(2))
    assert "marks" not in sys.modules


def test_nothing_is_printed_and_nobody_is_warned(tmp_path, capfd):
    paths = [
        saved(tmp_path / "a.pt", {"a": torch.empty(0)}, pickle_protocol=4),
        saved(tmp_path / "b.pt", net()),
        saved(tmp_path / "c.pt", {"a": weights(2)}, _use_new_zipfile_serialization=False),
    ]

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for path in paths:
            open_checkpoint(path).digest()

    assert not caught
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([torch.zeros(2)], "holds a list without names"),
        ({3: torch.zeros(2)}, "holds a dict without names"),
        (torch.zeros(2), "holds a tensor without names"),
        (argparse.Namespace(a=3), "holds an argparse.Namespace without names"),
        ({"a": np.zeros(3)}, "holds NumPy arrays"),
        ({"state": {0: {"exp_avg": weights(2)}}, "param_groups": []}, "the state of an optimiser"),
        ({"a": torch.zeros(2).to_sparse()}, "'a' is not a dense tensor"),
        ({"a": torch.zeros(2, dtype=torch.complex64).conj()}, "'a' is not a dense tensor"),
        ({"a": torch.zeros(1).expand(3)}, "'a' repeats the same memory"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
@pytest.mark.filterwarnings("ignore:Validating sparse tensor")
def test_what_holds_no_weights_is_refused_by_what_it_is(tmp_path, value, message):
    with pytest.raises(CheckpointError, match=f"'other.pt'.*{message}"):
        open_checkpoint(saved(tmp_path / "other.pt", value))


def test_strides_below_zero_are_not_taken_for_others(tmp_path):
    content = state_dict_of(a=tensor_of(size=2, strides="J\xff\xff\xff\xff\x85"))

    with pytest.raises(CheckpointError, match="'a' has an offset, shape or strides that are not whole"):
        open_checkpoint(write_archive(tmp_path / "a.pt", content, weights(2)))


def packed_again(path: Path, *, compression: int) -> Path:
    target = path.with_name("again.pt")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", compression) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    return target


def test_an_archive_packed_again_is_read_by_the_names_of_its_records(tmp_path):
    state = {"a": weights(50), "b": weights(60)}
    path = saved(tmp_path / "a.pt", state)

    assert_holds(packed_again(path, compression=zipfile.ZIP_STORED), state)


def test_compressed_records_are_refused(tmp_path):
    path = packed_again(saved(tmp_path / "a.pt", {"a": weights(9)}), compression=zipfile.ZIP_DEFLATED)

    with pytest.raises(CheckpointError, match="holds compressed or encrypted records"):
        open_checkpoint(path)


def test_two_records_of_one_name_are_refused(tmp_path):
    path = write_archive(tmp_path / "a.pt", state_dict_of(a=tensor_of(size=2)), weights(2))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("archive/data.pkl", state_dict_of(b=tensor_of(size=2)))

    with pytest.raises(CheckpointError, match=r"holds two records 'archive/data\.pkl'"):
        open_checkpoint(path)


def test_a_record_that_reaches_past_the_file_is_refused(tmp_path):
    path = write_archive(
        tmp_path / "a.pt", state_dict_of(a=tensor_of(size=2, shape="J\x00\x10\x00\x00\x85")), weights(2)
    )
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    content[entry + 20 : entry + 28] = 2 * (4 * 4096).to_bytes(4, "little")  # its sizes in the directory
    path.write_bytes(content)

    with pytest.raises(CheckpointError, match="truncated or damaged"):
        open_checkpoint(path)


def test_a_second_folder_with_a_pickle_is_refused(tmp_path):
    path = write_archive(tmp_path / "a.pt", state_dict_of(a=tensor_of(size=2)), weights(2))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other/data.pkl", state_dict_of(b=tensor_of(size=2)))

    with pytest.raises(CheckpointError, match=r"zip archive without exactly one data\.pkl"):
        open_checkpoint(path)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: np.savez(path, a=np.zeros(3)), r"an archive of NumPy arrays \(npz\)"),
        (lambda path: zipfile.ZipFile(path, "w").writestr("a.txt", "a"), "torch.save did not write it"),
    ],
)
def test_other_archives_are_called_what_they_are(tmp_path, write, message):
    with (tmp_path / "a.npz").open("wb") as file:
        write(file)

    with pytest.raises(CheckpointError, match=message):
        open_checkpoint(tmp_path / "a.npz")


def test_numbers_of_a_big_endian_machine_are_refused(tmp_path):
    path = write_archive(tmp_path / "a.pt", state_dict_of(a=tensor_of(size=2)), weights(2), byteorder=b"big")

    with pytest.raises(CheckpointError, match="is big-endian"):
        open_checkpoint(path)


def test_objects_too_large_to_be_a_table_of_contents_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("cache.formats.torch_state_dict.MAX_BYTES", 1000)
    path = saved(tmp_path / "a.pt", {"a": weights(2), "log": "a" * 1000})

    with pytest.raises(CheckpointError, match=r"bytes of objects beside its tensors; the limit is 1000"):
        open_checkpoint(path)


def test_a_pickle_that_claims_more_weights_than_the_archive_holds_is_refused_by_name(tmp_path):
    content = state_dict_of(a=tensor_of(size=60, shape="K\x3c\x85"))

    with pytest.raises(CheckpointError, match=r"'liar.pt': 'a' lies outside the bytes"):
        open_checkpoint(write_archive(tmp_path / "liar.pt", content, weights(50)))


def test_every_byte_of_the_pickle_may_be_damaged(tmp_path):
    path = write_archive(tmp_path / "a.pt", state_dict_of(a=tensor_of(size=2)), weights(2))
    content = path.read_bytes()
    honest = state_dict_of(a=tensor_of(size=2))
    for place in range(len(honest)):
        broken = honest[:place] + bytes([honest[place] ^ 0x15]) + honest[place + 1 :]
        before, after = (zlib.crc32(text).to_bytes(4, "little") for text in (honest, broken))
        path.write_bytes(content.replace(honest, broken).replace(before, after))
        try:
            open_checkpoint(path).read("a")
        except CheckpointError:
            continue


def test_the_system_is_not_called(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "system", lambda *_: pytest.fail("run"))
    content = b"\x80\x02cposix\nsystem\n(U\x06exit 3tR."

    with pytest.raises(CheckpointError, match=r"holds a posix\.system without names"):
        open_checkpoint(write_archive(tmp_path / "a.pt", content))
