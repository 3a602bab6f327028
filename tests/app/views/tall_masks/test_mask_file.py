import json

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from analysis.masks.multi_task_vector import Vector
from analysis.model.scope import Scope
from app.bench.mask_statistics import MaskSettings
from app.errors import ZooError
from app.views.tall_masks.mask_file import packed, save_masks
from app.work.jobs import JobCancelled, JobContext


def settings(bench, vector=Vector.SUM):
    lambdas = tuple(0.2 + 0.1 * row for row in range(len(bench.tasks)))
    return MaskSettings(Scope.CHANGED, vector, lambdas)


def unpacked(tensor, n):
    return torch.from_numpy(np.unpackbits(tensor.numpy(), count=n))


@pytest.mark.parametrize("vector", list(Vector))
def test_file_holds_every_tasks_mask_one_bit_per_weight(bench, tmp_path, vector):
    path = save_masks(bench, settings(bench, vector), tmp_path / "masks.safetensors", JobContext())

    vectors, stored = bench.zoo.task_vectors, load_file(path)
    bits = bench.masks.bits(settings(bench, vector), JobContext())
    assert list(stored) == sorted(bench.tasks)
    for row, task in enumerate(bench.tasks):
        mask = unpacked(stored[task], vectors.layout.n_weights)
        assert stored[task].dtype == torch.uint8
        assert len(stored[task]) == -(-vectors.layout.n_weights // 8)
        assert torch.equal(mask.long(), (bits.long() >> row) & 1)


def test_file_and_weights_alone_rebuild_what_the_formula_keeps(bench, tmp_path):
    path = save_masks(bench, settings(bench), tmp_path / "masks.safetensors", JobContext())

    with safe_open(path, framework="pt") as file:
        metadata, stored = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    lambdas, vectors = json.loads(metadata["tall_lambda"]), bench.zoo.task_vectors
    flat = {task: unpacked(tensor, vectors.layout.n_weights).bool() for task, tensor in stored.items()}
    at = 0
    for name, shape in json.loads(metadata["layout"]):
        n = int(np.prod(shape))
        parameter = vectors.layout.by_name[name]
        deltas = vectors.deltas[:, parameter.start : parameter.stop]
        total = torch.zeros(n)
        for tau_t in deltas:
            total += tau_t
        for row, task in enumerate(bench.tasks):
            factor = np.float32(lambdas[task]).item()
            expected = deltas[row].abs() > factor * (total - deltas[row]).abs()
            assert torch.equal(flat[task][at : at + n], expected)
        at += n
    assert at == vectors.layout.n_weights


def test_metadata_name_what_the_masks_were_computed_from(bench, tmp_path):
    path = save_masks(bench, settings(bench, Vector.TIES), tmp_path / "masks.safetensors", JobContext())

    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    assert metadata["vector"] == "ties"
    assert metadata["scope"] == "changed"
    assert metadata["fingerprint"] == bench.zoo.fingerprint
    assert list(json.loads(metadata["tall_lambda"])) == list(bench.tasks)


def test_the_first_weight_is_the_highest_bit_and_the_last_byte_is_filled_up():
    bits = torch.tensor([0b10, 0, 0b11, 0, 0, 0, 0, 0b10, 0b10], dtype=torch.uint8)

    assert packed(bits, 1, JobContext()).tolist() == [0b10100001, 0b10000000]
    assert packed(bits, 0, JobContext()).tolist() == [0b00100000, 0]


def test_the_zoos_own_files_and_other_formats_are_refused(bench, zoo, tmp_path):
    with pytest.raises(ZooError, match="own files"):
        save_masks(bench, settings(bench), zoo / "base.safetensors", JobContext())
    with pytest.raises(ZooError, match="masks"):
        save_masks(bench, settings(bench), tmp_path / "masks.npy", JobContext())


def test_a_stopped_save_leaves_no_file(bench, tmp_path):
    context = JobContext()
    context.cancelled = True

    with pytest.raises(JobCancelled):
        save_masks(bench, settings(bench), tmp_path / "masks.safetensors", context)

    assert list(tmp_path.glob("*.safetensors")) == []
