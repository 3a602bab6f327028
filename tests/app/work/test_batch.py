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
    wait_until(lambda: not (batch.collect() or batch.job))
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


def test_a_look_up_that_ends_last_leaves_what_measuring_reported(batch):
    go = Event()

    def fails(_):
        raise AnalysisError("No images.")

    def finds_late():
        go.wait(LONG)

    batch.plan(1, lambda: {"only": Measurement("only", fails, finds_late)})
    batch.start("measuring")
    wait_until(lambda: batch.collect() and not batch.is_running)
    reported = batch.notice
    go.set()
    idle(batch)

    assert reported == "1 of 1 measurements are not possible; the first: No images."
    assert batch.notice == reported


def test_known_values_arrive_while_another_tab_measures(worker, batch):
    go, started = Event(), Event()
    other = Batch(worker, "another tab", "masks")

    def slow(_):
        started.set()
        go.wait(LONG)

    other.plan(1, plan_of(slow=slow))
    other.start("measuring")
    assert started.wait(LONG)

    batch.plan(1, squares([], upto=2, known={0, 1}))
    wait_until(lambda: batch.collect() and batch.is_full)
    go.set()

    assert batch.results == {0: 0, 1: 1}


def test_nothing_is_called_unknown_before_it_was_looked_up(batch):
    go = Event()
    one = Measurement(1, lambda _: 1, lambda: (go.wait(LONG), 1)[1])
    batch.plan(1, lambda: {1: one})

    assert (batch.is_recalling, batch.is_running, batch.n_known) == (True, False, 0)
    go.set()
    idle(batch)
    assert (batch.is_recalling, batch.n_known) == (False, 1)


def test_starting_does_not_end_the_look_up(batch):
    go, measured = Event(), []

    def compute(_):
        measured.append("unknown")
        go.set()
        return 0

    batch.plan(
        1,
        lambda: {
            "unknown": Measurement(0, compute),
            "known": Measurement(1, lambda _: measured.append("known"), lambda: (go.wait(LONG), 1)[1]),
        },
    )
    batch.start("measuring")
    wait_until(lambda: batch.collect() and batch.is_full)

    assert batch.results["unknown"] == 0
    assert measured[0] == "unknown"


def test_batches_of_two_tabs_fill_in_turn(worker):
    log, ready = [], Event()

    def plan(name):
        def cell(n):
            def compute(_):
                ready.wait(LONG)
                log.append(f"{name}{n}")
                return n

            return Measurement(n, compute)

        return lambda: {n: cell(n) for n in range(3)}

    batches = [Batch(worker, name, "cells") for name in "abc"]
    for one, name in zip(batches, "abc", strict=True):
        one.plan(1, plan(name))
        one.start(name)
    worker.attend("nobody", "")
    beside = [job.label for job in batches[1].beside]
    ready.set()
    for one in batches:
        idle(one)

    assert log == ["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"]
    assert sorted(beside) == ["a", "c"]


def test_a_move_comes_amid_a_cell_and_the_batch_goes_on(worker, batch):
    inside, log = Event(), []

    def cell(context):
        log.append("begun")
        context.report(0.9, "Evaluating")
        inside.set()
        while "move" not in log:
            context.check()
        return "done"

    batch.plan(1, plan_of(first=lambda _: 0, second=cell))
    batch.start("measuring")
    assert inside.wait(LONG)
    during = batch.job.progress
    worker.submit("b", lambda _: log.append("move"), label="move")
    idle(batch)

    assert during == (0.5, "1 of 2 measured")
    assert log == ["begun", "move", "begun"]
    assert batch.results == {"first": 0, "second": "done"}


def test_time_is_that_of_what_is_missing_and_unknown_if_any_of_it_is(batch):
    def takes(seconds):
        return Measurement(seconds, lambda _: 0, seconds=lambda: seconds)

    empty = batch.seconds
    batch.plan(1, lambda: {1: takes(10.0), 2: takes(20.0)})
    both = batch.seconds
    batch.plan(2, lambda: {1: takes(10.0), 3: takes(None)})
    unknown = batch.seconds
    batch.plan(3, lambda: {2: takes(20.0)})
    batch.start("measuring")
    idle(batch)

    assert (empty, both, unknown, batch.seconds) == (None, 30.0, None, None)


def test_what_others_have_measured_meanwhile_is_found_on_a_second_look(batch):
    known = set()
    plan = squares([], upto=2, known=known)
    batch.plan(1, plan)
    idle(batch)
    known.add(1)
    batch.look_again()
    is_said = batch.is_recalling
    idle(batch)

    assert (batch.results, is_said) == ({1: 1}, False)


def test_a_second_look_is_for_what_is_neither_known_nor_being_measured(worker, batch):
    batch.look_again()
    batch.plan(1, squares([], upto=1))
    batch.look_again()
    idle(batch)
    batch.start("squaring")
    idle(batch)
    batch.look_again()

    assert batch.job is None
