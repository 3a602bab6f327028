from dataclasses import replace

from app.views.merge_lab.status import measured_on
from tests.made_runs import made_run


def test_run_is_shown_with_its_images_and_seconds():
    run = made_run({"digits": "1101", "shapes": "11"})

    assert measured_on(run) == "Validation, 4 images per task · merged in 250 ms, evaluated in 1.50 s"


def test_run_of_the_history_is_shown_as_such_with_its_images():
    run = replace(made_run({"digits": "1101"}), from_history=True)

    assert measured_on(run) == (
        "From your history · Validation, 4 images per task · it was merged in 250 ms, evaluated in 1.50 s"
    )


def test_run_that_came_with_the_zoo_states_what_it_was_measured_with():
    run = replace(made_run({"digits": "1101"}), from_history=True, shipped="torch 2.15.0 on CPU, 27 Nov 2026")

    assert measured_on(run) == (
        "Came with the zoo, measured with torch 2.15.0 on CPU, 27 Nov 2026 · Validation, 4 images per task"
    )


def test_merge_that_nothing_was_evaluated_on_has_its_seconds_alone():
    run = replace(made_run({"digits": "1"}), tasks=())

    assert measured_on(run) == "Merged in 250 ms"
    assert "history" not in measured_on(replace(run, from_history=True))


def test_nothing_measured_claims_nothing():
    assert measured_on(None) == "Nothing is measured yet."
