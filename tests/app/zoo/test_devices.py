import os
from types import SimpleNamespace

import psutil
import pytest
import torch

from app.errors import ZooError
from app.zoo.devices import (
    available_devices,
    device_named,
    fits,
    memory_available,
    memory_needed,
    memory_of_machine,
)


def there(monkeypatch, *, cuda=False, mps=False):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [
        (False, False, ("cpu",)),
        (True, False, ("cuda", "cpu")),
        (False, True, ("mps", "cpu")),
        (True, True, ("cuda", "mps", "cpu")),
    ],
)
def test_cuda_comes_before_mps_before_the_processor(monkeypatch, cuda, mps, expected):
    there(monkeypatch, cuda=cuda, mps=mps)

    assert available_devices() == expected
    assert device_named(None).type == expected[0]


def test_device_asked_for_is_taken_over_the_preferred(monkeypatch):
    there(monkeypatch, cuda=True)

    assert device_named("cpu").type == "cpu"


@pytest.mark.parametrize("name", ["cuda", "tpu", ""])
def test_device_that_is_not_there_is_refused(monkeypatch, name):
    there(monkeypatch)

    with pytest.raises(ZooError, match=rf"This machine has no device '{name}'; choose one of cpu\."):
        device_named(name)


def test_memory_needed_is_every_task_and_three_vectors_of_floats():
    assert memory_needed(8, 1_000_000) == 11 * 4_000_000


def test_memory_is_what_the_system_reports(monkeypatch):
    reported = SimpleNamespace(total=9000 * 1024, free=1000 * 1024, available=3000 * 1024)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: reported)

    assert memory_of_machine() == 9000 * 1024
    assert memory_available() == 3000 * 1024


def test_memory_available_is_part_of_the_machines():
    assert 0 < memory_available() < memory_of_machine()


@pytest.mark.skipif(not hasattr(os, "sysconf"), reason="a second opinion on POSIX only")
def test_memory_of_the_machine_is_all_of_it():
    assert memory_of_machine() == pytest.approx(
        os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), rel=0.01
    )


@pytest.mark.parametrize(("n_bytes", "does"), [(800, True), (801, False)])
def test_gpu_keeps_a_fifth_of_its_free_memory_for_activations(monkeypatch, n_bytes, does):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (1000, 9000))

    assert fits(torch.device("cuda"), n_bytes) is does


def test_processor_holds_what_the_machine_holds_and_mps_nothing():
    assert fits(torch.device("cpu"), 1 << 60)
    assert not fits(torch.device("mps"), 1)
