import numba
import pytest
import torch

from app.errors import ZooError
from app.work.threads import THREADS, use_threads

MOST = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]  # set while numba is imported


@pytest.fixture(autouse=True)
def _threads_as_before():
    before = torch.get_num_threads(), numba.get_num_threads()
    yield
    torch.set_num_threads(before[0])
    numba.set_num_threads(before[1])


def cores(monkeypatch, number):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(number), raising=False)


def used():
    use_threads()
    return torch.get_num_threads(), numba.get_num_threads()


@pytest.mark.parametrize("given", [None, "", " "])
def test_one_core_is_left_to_the_page(monkeypatch, given):
    cores(monkeypatch, MOST)
    if given is None:
        monkeypatch.delenv(THREADS, raising=False)
    else:
        monkeypatch.setenv(THREADS, given)

    assert used() == (max(1, MOST - 1),) * 2


def test_a_single_core_is_used(monkeypatch):
    cores(monkeypatch, 1)
    monkeypatch.delenv(THREADS, raising=False)

    assert used() == (1, 1)


@pytest.mark.parametrize(("given", "expected"), [("1", 1), (str(MOST), MOST), (str(MOST + 1), MOST)])
def test_the_environment_decides_up_to_what_the_kernels_can_use(monkeypatch, given, expected):
    cores(monkeypatch, 1)
    monkeypatch.setenv(THREADS, given)

    assert used() == (expected, expected)


def test_more_cores_than_the_kernels_were_given_are_not_asked_for(monkeypatch):
    cores(monkeypatch, MOST + 5)
    monkeypatch.delenv(THREADS, raising=False)

    assert used() == (MOST, MOST)


@pytest.mark.parametrize("given", ["all", "0", "-1", "1.5", "\u00b2"])
def test_anything_but_a_number_of_threads_is_refused(monkeypatch, given):
    monkeypatch.setenv(THREADS, given)

    with pytest.raises(ZooError, match=rf"TAUSCOPE_THREADS is '{given}', expected a whole number of at"):
        use_threads()
