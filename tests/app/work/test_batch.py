from threading import Event
from time import sleep

import pytest

from analysis.errors import AnalysisError
from app.work.batch import Cell, Filling
from app.work.worker import Worker

LONG = 20


@pytest.fixture
def worker():
    one = Worker()
    yield one
    one.stop(LONG)


@pytest.fixture
def filling(worker):
    return Filling(worker, "tab", "pairs")


def wait_until(condition):
    for _ in range(LONG * 1000):
        if condition():
            return
        sleep(0.001)
    raise AssertionError("It never came.")


def idle(filling):
    wait_until(lambda: filling.collect() or not (filling.is_running or filling.is_recalling))
    wait_until(lambda: not (filling.collect() or filling.is_running or filling.is_recalling))
    return filling


def squares(measured, upto=4, known=()):
    def cell(n):
        return Cell(n, lambda _: (measured.append(n), n * n)[1], find=lambda: n * n if n in known else None)

    return lambda: [cell(n) for n in range(upto)]


def test_a_plan_looks_up_and_does_not_measure(filling):
    measured = []
    filling.plan(1, squares(measured, known={1, 3}))
    idle(filling)

    assert (filling.results, measured, filling.is_full) == ({1: 1, 3: 9}, [], False)


def test_starting_measures_what_is_missing(filling):
    measured = []
    filling.plan(1, squares(measured, known={1}))
    idle(filling)
    filling.start("squaring")
    idle(filling)

    assert filling.results == {0: 0, 1: 1, 2: 4, 3: 9}
    assert measured == [0, 2, 3]
    assert filling.is_full


def test_the_same_plan_keeps_its_results_and_another_starts_anew(filling):
    filling.plan(1, squares([]))
    filling.start("squaring")
    idle(filling)
    filling.plan(1, squares([]))
    same = dict(filling.results)
    filling.plan(2, squares([], upto=2))
    idle(filling)

    assert len(same) == 4
    assert filling.results == {}


def test_stopping_keeps_what_is_known_and_starting_resumes_there(filling):
    reached, measured = Event(), []

    def slow(context):
        reached.set()
        while not measured:  # until the test lets the second run through
            context.check()
        return "slow"

    filling.plan(1, lambda: [Cell("quick", lambda _: "quick"), Cell("slow", slow)])
    filling.start("measuring")
    assert reached.wait(LONG)
    filling.stop()
    stopped = (dict(filling.results), filling.is_running)
    measured.append(1)
    filling.start("measuring")
    idle(filling)

    assert stopped == ({"quick": "quick"}, False)
    assert filling.results == {"quick": "quick", "slow": "slow"}


def test_results_arrive_while_others_are_measured(filling):
    go = Event()
    filling.plan(1, lambda: [Cell(0, lambda _: 0), Cell(1, lambda _: (go.wait(LONG), 1)[1])])
    filling.start("measuring")
    wait_until(lambda: filling.results == {0: 0})
    seen, running = filling.collect(), filling.is_running
    go.set()
    idle(filling)

    assert (seen, running) == (True, True)
    assert filling.results == {0: 0, 1: 1}


def test_a_cell_that_cannot_be_measured_is_told_and_keeps_no_other_from_it(filling):
    def fails(_):
        raise AnalysisError("No images.")

    filling.plan(1, lambda: [Cell(0, lambda _: 0), Cell(1, fails), Cell(2, lambda _: 4)])
    filling.start("measuring")
    idle(filling)

    told = "1 of 3 measurements are not possible; the first: No images."
    assert (filling.results, filling.notice, filling.is_running) == ({0: 0, 2: 4}, told, False)
