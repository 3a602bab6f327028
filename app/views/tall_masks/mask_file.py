"""TALL masks as a file: one bit per weight and task, and what they were computed from."""

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from app.bench.export import require_place
from app.bench.mask_statistics import MaskSettings
from app.bench.workbench import Workbench
from app.work.jobs import JobContext
from cache.writing import remove_left_behind, write_safetensors

_PIECE = 1 << 22
_BITS = (
    "One uint8 tensor per task, one bit per weight: the parameters in `layout` one after another, row by "
    "row, the first weight in the highest bit of the first byte (numpy.packbits). 0 for weights out of scope."
)


def save_masks(bench: Workbench, settings: MaskSettings, path: Path, context: JobContext) -> Path:
    """Compute every task's mask and write it, eight weights per byte.

    With the base and the multi-task vector that the metadata name, θ_0 + m_t ⊙ τ_MTL rebuilds each task.

    Args:
        bench: The open zoo.
        settings: Which masks; written into the file's metadata.
        path: Ends in `.safetensors`; an existing file is replaced in one step.
        context: Where to report, and whether to stop.

    Raises:
        ZooError: The name does not end in `.safetensors`, its folder is missing, or it is one of the zoo's
            own files.
        CacheError: The file could not be written.
    """
    require_place(bench, path, what="masks")
    bits = bench.masks.bits(settings, context)
    context.report(None, "Packing the masks")
    zoo = bench.zoo
    tensors = {task: packed(bits, row, context) for row, task in enumerate(bench.tasks)}
    layout = [[parameter.name, list(parameter.shape)] for parameter in zoo.task_vectors.layout.parameters]
    metadata = {
        "format": "pt",
        "bits": _BITS,
        "layout": json.dumps(layout),
        "tall_lambda": json.dumps(dict(zip(bench.tasks, settings.tall_lambda, strict=True))),
        "vector": settings.vector.value,
        "scope": settings.scope.value,
        "zoo": zoo.file.name,
        "fingerprint": zoo.fingerprint,
        "fingerprints": json.dumps(zoo.digests),
    }
    context.report(None, "Writing")
    remove_left_behind(path.parent)
    write_safetensors(path, tensors, metadata)
    return path.resolve()


def packed(bits: Tensor, row: int, context: JobContext) -> Tensor:
    """One task's mask, uint8 (⌈P / 8⌉,): the first weight in the highest bit, zeros after the last.

    Args:
        bits: All tasks' masks, one integer per weight, (P,); bit `row` is this task's.
        row: The task's.
        context: Stops between pieces.
    """
    found = np.zeros((len(bits) + 7) // 8, dtype=np.uint8)
    for start in range(0, len(bits), _PIECE):
        context.check()
        mask = (bits[start : start + _PIECE].cpu().numpy() >> row) & 1
        part = np.packbits(mask.astype(np.bool_))
        found[start // 8 : start // 8 + len(part)] = part
    return torch.from_numpy(found)
