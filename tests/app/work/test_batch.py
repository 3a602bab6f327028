from threading import Event
from time import sleep

import pytest

from analysis.errors import AnalysisError
from app.work.batch import Batch
from app.work.measurement import Measurement

LONG = 20


@pytest.fixture
def batch(worker):
    return Batch(worker, "tab", "pairs")


def wait_until(condition):
    for _ in range(LONG * 1000):
        if condition():
            return
        sleep(0.001)
    raise AssertionError("It never came.")


def idle(batch):
    wait_until(lambda: batch.collect() or not (batch.is_running or batch.is_recalling))
    wait_until(lambda: not (batch.collect() or batch.is_running or batch.is_recalling))
    return batch


def squares(measured, upto=4, known=()):
    def square(n):
        def compute(_):
            measured.append(n)
            return n * n

        return Measurement(("square", n), compute, lambda: n * n if n in known else None)

    return lambda: {n: square(n) for n in range(upto)}


def plan_of(**works):
    return lambda: {name: Measurement(name, work) for name, work in works.items()}


def others(upto):
    return lambda: {n: Measurement(("another", n), lambda _: None) for n in range(upto)}


def test_a_plan_looks_up_and_does_not_measure(batch):
    measured = []
    batch.plan(1, squares(measured, known={1, 3}))
    idle(batch)

    assert (batch.results, measured, batch.is_full) == ({1: 1, 3: 9}, [], False)


def test_starting_measures_what_is_missing(batch):
    measured = []
    batch.plan(1, squares(measured, known={1}))
    idle(batch)
    batch.start("squaring")
    idle(batch)

    assert batch.results == {0: 0, 1: 1, 2: 4, 3: 9}
    assert measured == [0, 2, 3]
    assert batch.is_full


def test_the_same_plan_keeps_its_results_and_another_starts_without_any(batch):
    batch.plan(1, squares([]))
    batch.start("squaring")
    idle(batch)
    batch.plan(1, squares([]))
    same = dict(batch.results)
    batch.plan(2, others(upto=2))
    idle(batch)

    assert len(same) == 4
    assert batch.results == {}


def test_values_that_the_next_plan_shares_are_kept(batch):
    measured = []
    batch.plan(1, squares(measured, upto=2))
    batch.start("squaring")
    idle(batch)

    batch.plan(2, squares(measured, upto=4))
    at_once = batch.results
    batch.start("squaring")
    idle(batch)

    assert at_once == {0: 0, 1: 1}
    assert measured == [0, 1, 2, 3]
    assert batch.names == (0, 1, 2, 3)


def test_stopping_keeps_what_is_known_and_starting_resumes_there(batch):
    reached, measured = Event(), []

    def slow(context):
        reached.set()
        while not measured:  # until the test lets the second run through
            context.check()
        return "slow"

    batch.plan(1, plan_of(quick=lambda _: "quick", slow=slow))
    batch.start("measuring")
    assert reached.wait(LONG)
    batch.stop()
    stopped = (dict(batch.results), batch.is_running)
    measured.append(1)
    batch.start("measuring")
    idle(batch)

    assert stopped == ({"quick": "quick"}, False)
    assert batch.results == {"quick": "quick", "slow": "slow"}


def test_results_arrive_while_others_are_measured(batch):
    go = Event()
    batch.plan(1, plan_of(quick=lambda _: 0, slow=lambda _: (go.wait(LONG), 1)[1]))
    batch.start("measuring")
    wait_until(lambda: batch.results == {"quick": 0})
    seen, running = batch.collect(), batch.is_running
    go.set()
    idle(batch)

    assert (seen, running) == (True, True)
    assert batch.results == {"quick": 0, "slow": 1}


def test_a_refused_measurement_is_reported_and_keeps_no_other_from_it(batch):
    def fails(_):
        raise AnalysisError("No images.")

    batch.plan(1, plan_of(first=lambda _: 0, second=fails, third=lambda _: 4))
    batch.start("measuring")
    idle(batch)

    reported = "1 of 3 measurements are not possible; the first: No images."
    assert (batch.results, batch.notice, batch.is_running) == ({"first": 0, "third": 4}, reported, False)
