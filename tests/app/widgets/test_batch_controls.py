from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from app.session.sample import Sample
from app.work.batch import Batch
from app.work.jobs import Lane
from app.work.measurement import Measurement
from app.work.worker import Worker

LONG = 60


@pytest.fixture
def worker():
    one = Worker()
    yield one
    one.stop(LONG)


@pytest.fixture
def batch(worker):
    return Batch(worker, "tab", "masks")


@pytest.fixture
def go():
    event = Event()
    yield event
    event.set()


def _controls(batch, sample):
    from app.widgets.batch_controls import batch_controls

    batch.collect()
    batch_controls(batch, key="masks", what="3 merges", costs="On all images.", sample=sample)


def page_of(batch, sample=None):
    return AppTest.from_function(_controls, default_timeout=LONG, args=(batch, sample)).run()


def planned(batch, *, known=(), seconds=160.0, work=lambda _: 1):
    def one(n):
        return Measurement(n, work, lambda: n if n in known else None, seconds=lambda: seconds)

    batch.plan(1, lambda: {n: one(n) for n in range(3)})
    return batch


def looked_up(batch):
    assert batch.job.wait(LONG)
    return batch


def plain(text):
    return text.replace("\xa0", " ")


def test_button_says_how_many_and_how_long(batch):
    page = page_of(looked_up(planned(batch)))

    assert plain(page.button("masks.start").label) == "Measure 3 merges, about 8 min"
    assert page.caption[0].value == "Not measured yet. On all images."


def test_button_promises_no_time_that_nobody_knows(batch):
    page = page_of(looked_up(planned(batch, seconds=None)))

    assert page.button("masks.start").label == "Measure 3 merges"


def test_what_is_known_is_not_measured_again(batch):
    page = page_of(looked_up(planned(batch, known={0, 2})))

    assert plain(page.button("masks.start").label) == "Resume, 1 left, about 3 min"
    assert page.caption[0].value == "2 of 3 measured"


def test_while_it_is_looked_up_nothing_is_called_unmeasured(batch, worker, go):
    worker.submit("another tab", lambda _: go.wait(LONG), label="Looking up", lane=Lane.LOOK_UP)

    page = page_of(planned(batch))

    assert page.caption[0].value == ":material/search: Looking up what was measured before …"
    assert not page.button


def test_a_chart_that_fills_says_what_it_waits_for(batch, worker, go):
    started = Event()

    def masks(context):
        started.set()
        context.report(0.4, "106 of 272 measured")
        go.wait(LONG)

    worker.submit("another tab", masks, label="Measuring 272 merges", lane=Lane.IDLE)
    assert started.wait(LONG)
    looked_up(planned(batch)).start("Measuring 3 merges")

    (bar,) = page_of(batch).get("progress")
    assert plain(bar.proto.text) == ("0 of 3 measured · in turns with another chart, 106 of 272 measured")


def test_a_quick_sample_is_offered_and_chosen(batch):
    sample = Sample(1000)
    page = page_of(looked_up(planned(batch)), sample)

    page.segmented_control[0].set_value("128, quick").run()

    assert sample.n_images == 128
    assert page.segmented_control[0].value == "128, quick"
