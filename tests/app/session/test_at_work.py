import pytest

from app.session.at_work import at_work, in_turns_with
from app.work.jobs import Job, JobContext, Lane, Task


def job_of(session, label="Measuring 3 merges", *, lane=Lane.IDLE, view="", note="", left=None, begun=False):
    job = Job(session=session, label=label, lane=lane, topic=label, view=view)
    task = Task(lambda _: None)
    task.join(job)
    context = JobContext()
    if begun:
        task.begin(context)
    task.context.report(None, note, seconds_left=left)
    return job


def plain(text):
    return text.replace("\xa0", " ")


def test_nothing_is_at_work_while_only_look_ups_run():
    assert at_work([], "mine") is None
    assert at_work([job_of("mine", lane=Lane.LOOK_UP)], "mine") is None


def test_a_tab_is_told_of_its_own_work_first():
    theirs, mine = job_of("theirs", "Merging", lane=Lane.FOREGROUND, begun=True), job_of("mine")

    found = at_work([theirs, mine], "mine")

    assert (found.job, found.is_mine, found.n_others) == (mine, True, 1)


def test_work_of_others_is_called_theirs_by_its_page_and_without_the_names_in_it():
    filling = at_work([job_of("theirs", view="TALL masks", note="1 of 3 measured")], "mine")
    opening = job_of("theirs", "Opening /home/ann", lane=Lane.ORDERED, note="Reading 'secret'", begun=True)
    other = at_work([opening], "mine")

    assert (filling.is_mine, filling.what) == (False, "another tab · TALL masks")
    assert filling.how_far == "1 of 3 measured"
    assert (other.what, other.how_far) == ("another tab · at work", "")


def test_own_work_is_named_after_its_page():
    assert at_work([job_of("mine", view="TALL masks")], "mine").what == "TALL masks: measuring 3 merges"
    assert at_work([job_of("mine")], "mine").what == "Measuring 3 merges"


def test_what_a_person_waits_for_comes_before_what_fills_and_of_those_the_longest():
    short, long = job_of("mine", "strip", left=5.0), job_of("mine", "masks", left=500.0)
    move = job_of("mine", "Merging", lane=Lane.FOREGROUND)

    assert at_work([short, long], "mine").job is at_work([long, short], "mine").job is long
    assert at_work([short, move, long], "mine").job is move


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (job_of("mine", note="106 of 272 measured", left=300.0), "106 of 272 measured · about 5 min left"),
        (job_of("mine"), "waiting for its turn"),
        (job_of("mine", lane=Lane.FOREGROUND, note="old"), "waiting for its turn"),
        (job_of("mine", lane=Lane.FOREGROUND, note="Evaluating", begun=True), "Evaluating"),
    ],
)
def test_how_far_it_is(job, words):
    assert plain(at_work([job], "mine").how_far) == words


def test_a_job_that_was_asked_to_stop_is_stopping():
    job = job_of("mine", note="Evaluating", begun=True)
    job.cancel()

    assert at_work([job], "mine").how_far == "stopping"


def test_it_says_how_many_others_there_are():
    jobs = [job_of("mine", note="1 of 3 measured"), job_of("theirs"), job_of("yours")]

    assert at_work(jobs[:2], "mine").how_far == "1 of 3 measured · 1 more waits"
    assert at_work(jobs, "mine").how_far == "1 of 3 measured · 2 more wait"


def test_a_chart_names_what_it_takes_turns_with():
    masks = job_of("a", "Measuring 272 merges", view="TALL masks", note="106 of 272 measured", left=300.0)
    strip = job_of("b", "Filling the strip", left=9.0)

    assert in_turns_with([]) == ""
    assert in_turns_with([masks]) == "in turns with TALL masks, 106 of 272 measured"
    assert in_turns_with([strip, masks]) == "in turns with TALL masks, 106 of 272 measured and 1 more"
    assert in_turns_with([strip]) == "in turns with another chart"
