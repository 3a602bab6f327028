"""Devices to compute on, and the memory they have."""

import psutil
import torch

from app.errors import ZooError

_SHARE_OF_FREE_MEMORY = 0.8
"""Of a GPU's free memory: evaluation needs room for activations beside the weights."""


def available_devices() -> tuple[str, ...]:
    """Names of the available devices, the preferred one first."""
    devices = ["cpu"]
    if torch.backends.mps.is_available():
        devices.insert(0, "mps")
    if torch.cuda.is_available():
        devices.insert(0, "cuda")
    return tuple(devices)


def device_named(name: str | None) -> torch.device:
    """The named device, or the preferred one.

    Raises:
        ZooError: This machine has no such device.
    """
    there = available_devices()
    if name is not None and name not in there:
        raise ZooError(f"This machine has no device '{name}'; choose one of {', '.join(there)}.")
    return torch.device(name or there[0])


def memory_needed(n_tasks: int, n_weights: int) -> int:
    """Bytes an open zoo holds: the task vectors, the base, the multi-task vector and the merged weights."""
    return (n_tasks + 3) * n_weights * 4


def memory_of_machine() -> int:
    """Bytes of main memory in this machine."""
    return int(psutil.virtual_memory().total)


def memory_available() -> int:
    """Bytes of main memory that are available now without swapping."""
    return int(psutil.virtual_memory().available)


def fits(device: torch.device, n_bytes: int) -> bool:
    """Whether so many bytes of task vectors fit on the device."""
    if device.type != "cuda":
        return device.type == "cpu"
    free, _ = torch.cuda.mem_get_info(device)
    return n_bytes <= free * _SHARE_OF_FREE_MEMORY
