from threading import Event

import pytest
from safetensors.torch import load_file

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines
from app.bench.expectations import anchor_warnings
from app.bench.save_folder import SaveFolder
from app.session.asked_for import scores_so_far
from app.session.lab import Lab
from app.session.results import FINISHED
from app.session.slider_key import ALPHA, BETA, SCALING, weight_key
from app.session.strip import STRIP_POINTS
from app.words.recipe_text import recipe_from_yaml
from app.work.jobs import JobContext, Lane
from tests.zoo_on_disk import write_zoo

LONG = 60


@pytest.fixture
def lab(bench, worker):
    return Lab(bench, worker, "tab")


def recipe(lab, **given):
    return Recipe.from_mapping({"scaling": 0.5, **given}, tasks=lab.bench.tasks)


def settle(lab):
    """Wait until every job has ended, idle ones included."""
    while lab.awaited or lab.background.jobs:
        for job in (*lab.awaited, *lab.background.jobs):
            assert job.wait(LONG)
        lab.collect()


def finish(lab):
    """Wait for what a person waits for; idle work may go on."""
    for job in lab.awaited:
        assert job is None or job.wait(LONG)
    lab.collect()


@pytest.fixture
def held(worker):
    """Keep the worker busy until the test lets it go."""
    go = Event()
    worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    yield go
    go.set()


def test_lab_begins_with_plain_task_arithmetic_and_nothing_measured(lab):
    assert lab.recipe == recipe(lab, scaling=0.3)
    assert (lab.results.shown, lab.measuring.job, lab.is_measured, lab.notice) == (None, None, False, None)
    assert not lab.collect()


def test_first_measurement_is_asked_for_once(lab, held):
    lab.measure_if_needed()
    job = lab.measuring.job
    lab.measure_if_needed()

    assert job is not None
    assert lab.measuring.job is job


def test_measured_recipe_is_shown_with_its_anchors(lab):
    lab.measure_if_needed()
    finish(lab)

    assert lab.results.shown.recipe == lab.recipe
    assert lab.is_measured
    assert list(lab.results.anchors.fine_tuned) == list(lab.bench.tasks)
    lab.measure_if_needed()
    assert lab.measuring.job is None


def test_moving_a_slider_measures_at_once_and_keeps_its_focus(lab):
    lab.move(weight_key("deep"), 0.5)
    finish(lab)

    assert lab.editing.focus == weight_key("deep")
    assert lab.results.shown.recipe.weights == {"shallow": 1.0, "deep": 0.5, "everywhere": 1.0}


def test_nothing_is_measured_on_its_own_when_not_live(lab):
    lab.is_live = False
    lab.move(SCALING, 0.9)

    assert lab.measuring.job is None
    assert not lab.is_measured
    lab.measure()
    finish(lab)
    assert lab.results.shown.recipe == recipe(lab, scaling=0.9)


def test_latest_recipe_wins(lab, held):
    lab.move(SCALING, 0.7)
    dropped = lab.measuring.job
    lab.move(SCALING, 0.8)
    held.set()
    finish(lab)

    assert dropped.result is None
    assert lab.results.shown.recipe.scale == Constant(0.8)
    assert [run.recipe.scale for run in lab.results.finished] == [Constant(0.8)]


def test_undo_takes_back_a_whole_gesture(lab, monkeypatch):
    clock = 100.0
    monkeypatch.setattr("app.session.editing.monotonic", lambda: clock)
    for value in (0.31, 0.32, 0.3, 0.33):  # it passes where it began
        clock += 1.5
        lab.move(SCALING, value)
    clock += 2.5
    lab.move(SCALING, 0.9)
    lab.move(weight_key("deep"), 0.5)
    lab.move(SCALING, 1.0)

    seen = [lab.recipe.scale.scaling]
    while lab.editing.history.can_undo:
        lab.undo()
        seen.append(lab.recipe.scale.scaling)

    assert seen == [1.0, 0.9, 0.9, 0.33, 0.3]


def test_undo_and_redo_measure_what_they_return_to(lab):
    lab.move(SCALING, 0.7)
    finish(lab)

    lab.undo()
    finish(lab)
    assert lab.results.shown.recipe.scale == Constant(0.3)

    lab.redo()
    finish(lab)
    assert lab.results.shown.recipe.scale == Constant(0.7)
    assert lab.results.shown.from_history


def test_move_taken_back_while_it_is_measured_leaves_the_numbers_it_came_from(lab, worker):
    lab.measure()
    finish(lab)
    go = Event()
    worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    lab.move(SCALING, 0.7)

    lab.undo()
    go.set()
    finish(lab)

    assert lab.results.shown.recipe.scale == Constant(0.3)
    assert lab.is_measured


def test_recipe_from_outside_is_taken(lab):
    lab.take(lambda: recipe_from_yaml("{method: ties, scaling: 1.0}", tasks=lab.bench.tasks))

    assert lab.recipe.method == "ties"
    assert lab.notice is None


def test_recipe_that_cannot_be_read_states_why_and_changes_nothing(lab):
    before = lab.recipe

    lab.take(lambda: recipe_from_yaml("{method: nonsense, scaling: 1}", tasks=lab.bench.tasks))

    assert lab.recipe == before
    assert lab.notice.startswith("There is no merging method 'nonsense'")
    assert lab.measuring.job is None


def test_merge_that_is_refused_states_why_and_keeps_what_was_shown(lab):
    lab.measure()
    finish(lab)
    shown = lab.results.shown

    mixed = {"lines": {"beta": 0.5}, "weights": {"deep": -1}}
    lab.change(Recipe.from_mapping(mixed, tasks=lab.bench.tasks))
    finish(lab)

    assert "only when all task weights have one sign" in lab.notice
    assert lab.results.shown is shown
    assert not lab.is_measured


def test_scores_stream_while_the_measurement_runs(lab):
    lab.measure()
    job = lab.measuring.job
    assert job.wait(LONG)

    assert [score.task for score in scores_so_far(lab.measuring)] == [
        "shallow",
        "deep",
        "everywhere",
        "letters",
    ]
    finish(lab)
    assert scores_so_far(lab.measuring) == ()


def test_another_sample_is_measured_again(lab):
    lab.sample(8)
    finish(lab)
    assert lab.results.shown.n_images == 8

    lab.sample(None)
    finish(lab)
    assert {score.n for score in lab.results.shown.tasks} == {40}
    lab.sample(None)
    assert lab.measuring.job is None


def test_sample_larger_than_the_sets_counts_as_measured(lab):
    lab.sample(100)
    finish(lab)

    assert lab.is_measured


def test_stop_drops_what_was_asked_for(lab, held):
    lab.measure()
    lab.stop()
    finish(lab)

    assert (lab.results.shown, lab.measuring.job, lab.notice) == (None, None, None)


def test_stopped_measurement_is_not_asked_for_again_by_itself(lab, held):
    lab.measure_if_needed()
    lab.stop()
    finish(lab)

    lab.measure_if_needed()

    assert lab.measuring.job is None


def test_move_that_waits_for_its_button_is_not_measured_as_the_first_one(lab):
    lab.measure_if_needed()
    finish(lab)
    lab.is_live = False
    lab.move(SCALING, 0.9)

    lab.measure_if_needed()

    assert lab.measuring.job is None


def test_change_that_waited_is_measured_as_soon_as_changes_are_live_again(lab):
    lab.measure_at_once(False)
    lab.move(SCALING, 0.9)
    waited = lab.measuring.job

    lab.measure_at_once(True)
    finish(lab)

    assert waited is None
    assert lab.results.shown.recipe == recipe(lab, scaling=0.9)


def test_notice_of_a_bad_recipe_stays_until_the_next_move(lab):
    lab.take(lambda: recipe_from_yaml("method: nonsense", tasks=lab.bench.tasks))
    lab.measure_if_needed()
    finish(lab)
    said = lab.notice

    lab.move(SCALING, 0.9)

    assert "nonsense" in said
    assert lab.notice is None


def test_baseline_stays_while_other_recipes_are_measured(lab):
    lab.measure()
    finish(lab)
    lab.results.pin()
    pinned = lab.results.shown
    lab.move(SCALING, 0.9)
    finish(lab)

    assert lab.results.baseline is pinned
    lab.results.unpin()
    assert lab.results.baseline is None


def test_run_of_the_list_can_be_pinned(lab):
    lab.measure()
    finish(lab)

    lab.pin_stored(lab.results.shown.run_id)

    assert lab.results.baseline.recipe == lab.results.shown.recipe
    assert lab.results.baseline.predictions.keys() == lab.results.shown.predictions.keys()


def test_run_that_is_gone_cannot_be_pinned_and_the_lab_states_so(lab):
    lab.pin_stored("no such run")

    assert lab.results.baseline is None
    assert "cannot be pinned" in lab.notice


def test_finished_runs_are_listed_latest_first_each_recipe_once(lab):
    for scaling in (0.5, 0.7, 0.5):
        lab.move(SCALING, scaling)
        finish(lab)

    assert [run.recipe.scale.scaling for run in lab.results.finished] == [0.5, 0.7]
    assert len(lab.results.finished) <= FINISHED


def test_test_images_are_scored_on_purpose_only(lab):
    lab.measure()
    finish(lab)
    before = lab.testing.answer.value

    lab.score_on_test()
    finish(lab)

    assert before is None
    assert lab.testing.answer.value.run.split == "test"
    assert {score.n for score in lab.testing.answer.value.run.tasks} == {60}
    assert lab.bench.history.test_evaluations == 1
    assert lab.results.shown.split == "val"


@pytest.mark.parametrize(("expected", "n_unmet"), [({"finetuned": 0.9}, 0), ({"finetuned": 0.5}, 1)])
def test_anchor_warnings_are_shown_with_the_test_scores(benches, worker, tmp_path, expected, n_unmet):
    folder = write_zoo(tmp_path / "zoo", expected=expected)
    lab = Lab(benches.open(folder, JobContext(), device="cpu"), worker, "tab")

    lab.score_on_test()
    finish(lab)

    assert len(anchor_warnings(lab.bench.zoo.file, lab.testing.answer.value.anchors, "test")) == n_unmet


def test_merged_weights_are_saved_in_order_even_when_the_recipe_changes(lab, held, tmp_path):
    lab.save(SaveFolder(tmp_path), "out.safetensors", "float32")
    lab.move(SCALING, 0.0)
    held.set()
    settle(lab)

    assert lab.saving.answer.value == tmp_path / "out.safetensors"
    base = lab.bench.zoo.task_vectors.layout.view(lab.bench.zoo.task_vectors.theta_0, "visual.proj")
    assert not load_file(lab.saving.answer.value)["visual.proj"].equal(base)


def test_saving_that_is_refused_states_why(lab, tmp_path):
    lab.save(SaveFolder(tmp_path), "out.pt", "float32")
    finish(lab)

    assert lab.saving.answer.value is None
    assert "must end in .safetensors" in lab.notice


def test_idle_work_fills_the_strip_of_the_slider_in_focus(lab):
    lab.move(weight_key("deep"), 0.5)
    settle(lab)

    points = lab.strip()
    positions = [point.value for point in points]
    assert positions == sorted(positions)
    assert {0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0} <= set(positions)  # 0.5 is one of the grid's
    assert (positions[0], positions[-1]) == (0.0, 2.0)
    for point in points:
        assert point.run.recipe.weights["deep"] == point.value
        assert point.run.recipe.scale == lab.recipe.scale


def test_strip_reaches_to_where_the_slider_stands(lab):
    lab.move(SCALING, 2.5)
    settle(lab)

    assert lab.strip()[-1].value == 2.5


def test_strip_is_refined_around_its_best_position(lab):
    lab.measure()
    settle(lab)
    lab.collect()
    settle(lab)

    step = 1.2 / (STRIP_POINTS - 1)
    grid = {round(step * number, 4) for number in range(STRIP_POINTS)} | {0.3}
    of_grid = [point for point in lab.strip() if point.value in grid]
    best = max(of_grid, key=lambda point: point.run.mean.accuracy).value
    near = [round(best + share * step, 4) for share in (-0.5, -0.25, 0.25, 0.5)]
    assert {point.value for point in lab.strip()} == grid | {one for one in near if 0 <= one <= 1.2}


def test_strip_is_not_in_the_list_of_runs(lab):
    lab.measure()
    settle(lab)

    assert len(lab.strip()) > 1
    assert [stored.record.run_id for stored in lab.bench.history.latest()] == [lab.results.shown.run_id]


def test_identities_are_checked_while_idle(lab):
    assert lab.identities() is None

    lab.measure()
    settle(lab)

    assert [check.verdict for check in lab.identities()] == ["verified", "verified"]


def test_waiting_person_interrupts_idle_work(lab):
    lab.measure()
    finish(lab)
    assert lab.background.jobs

    lab.move(SCALING, 0.9)
    assert lab.measuring.job.wait(LONG)
    lab.collect()

    assert lab.results.shown.recipe.scale == Constant(0.9)


def test_alpha_is_unknown_until_a_run_has_found_it(lab):
    lab.change(Recipe.from_mapping({"lines": {"alpha": "auto", "beta": 0.5}}, tasks=lab.bench.tasks))
    assert (lab.alpha(), lab.editing.factors(lab.alpha())) == (None, None)

    finish(lab)

    assert lab.alpha() == pytest.approx(1 / 3, rel=1e-5)
    assert lab.editing.factors(lab.alpha()).blocks["visual"] == pytest.approx(
        (1 / 3, 1 / 3 + 0.25, 1 / 3 + 0.5), rel=1e-5
    )


def test_alpha_of_another_merge_is_not_taken_for_this_one(lab):
    lab.change(Recipe.from_mapping({"lines": {"alpha": "auto", "beta": 0.5}}, tasks=lab.bench.tasks))
    finish(lab)

    lab.is_live = False
    lab.move(BETA, 0.9)
    assert lab.alpha() == pytest.approx(1 / 3, rel=1e-5)
    lab.move(weight_key("deep"), 0.0)
    assert lab.alpha() is None


def test_alpha_that_is_given_is_known_at_once(lab):
    lab.is_live = False
    lab.change(Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.4}}, tasks=lab.bench.tasks))

    assert lab.recipe.scale == Lines(0.2, 0.4)
    assert lab.alpha() == 0.2
    assert lab.editing.factors(lab.alpha()).blocks == {"visual": (0.2, 0.4, 0.6000000000000001)}
    assert lab.editing.depth == 3


def test_another_slider_is_in_focus_when_its_own_is_gone(lab):
    lab.is_live = False
    lab.change(Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.4}}, tasks=lab.bench.tasks))

    assert lab.editing.focus == ALPHA


def test_zoo_without_encoder_is_merged_all_the_same(benches, worker, tmp_path):
    bench = benches.open(write_zoo(tmp_path / "zoo", with_encoder=False), JobContext(), device="cpu")
    lab = Lab(bench, worker, "tab")

    lab.measure_if_needed()
    settle(lab)

    assert lab.is_measured
    assert lab.results.shown.tasks == ()
    assert lab.identities() is not None
    assert lab.strip() == ()


def test_two_tabs_share_a_zoo_without_mixing_their_results(bench, worker):
    mine, theirs = Lab(bench, worker, "mine"), Lab(bench, worker, "theirs")
    mine.move(SCALING, 0.0)
    theirs.move(SCALING, 1.0)
    for lab in (mine, theirs):
        settle(lab)

    assert mine.results.shown.recipe.scale == Constant(0.0)
    assert theirs.results.shown.recipe.scale == Constant(1.0)
    assert mine.results.shown.mean != theirs.results.shown.mean


def test_curve_that_does_not_fit_the_layers_is_refused_and_the_recipe_stays(lab):
    before, revision = lab.recipe, lab.editing.revision

    lab.change(Recipe.from_mapping({"curve": {"outside": 0.1, "blocks": [0.1]}}, tasks=lab.bench.tasks))

    assert lab.recipe == before
    assert "1 blocks" in lab.notice
    assert lab.editing.revision > revision


def test_position_that_has_no_accuracy_leaves_the_results_of_before_and_costs_no_other(lab):
    lab.measure()
    finish(lab)
    shown = lab.results.shown

    lab.change(recipe(lab, scaling=1e30))
    settle(lab)

    assert lab.notice.startswith("The merge has no accuracy on 'shallow': NaN or infinity appears first in")
    assert (lab.results.shown, lab.is_measured) == (shown, False)
    assert [point.value for point in lab.strip()] == [0.0]


def test_what_was_measured_before_is_shown_although_others_are_being_served(lab, worker, bench):
    lab.measure()
    settle(lab)
    go = Event()
    worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    other = Lab(bench, worker, "other")
    other.measure_if_needed()
    go.set()

    assert other.results.shown.from_history
    assert other.results.anchors is not None
    assert other.awaited == ()


def test_a_strip_position_that_a_person_asks_for_is_listed_from_then_on(lab, bench):
    lab.measure()
    settle(lab)
    position = lab.strip()[0].run.recipe
    listed = len(bench.history.latest())

    for _ in range(2):
        lab.change(position)
        settle(lab)

    assert lab.results.shown.recipe == position
    assert len(bench.history.latest()) == listed + 1


def test_known_positions_of_the_strip_are_found_although_others_are_being_served(lab, worker, bench):
    lab.measure()
    settle(lab)
    go = Event()
    worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    other = Lab(bench, worker, "other")
    other.measure_if_needed()
    for job in worker.queue():
        assert job.lane is not Lane.LOOK_UP or job.wait(LONG)

    assert len(other.strip()) >= STRIP_POINTS
    go.set()


def test_two_tabs_that_ask_for_one_recipe_share_its_measurement(bench, worker, held):
    labs = [Lab(bench, worker, name) for name in ("one", "two")]
    for one in labs:
        one.measure()
    held.set()
    for one in labs:
        finish(one)

    assert labs[0].results.shown is labs[1].results.shown
    assert len(bench.history.latest()) == 1


def test_what_a_method_promises_is_checked_once_for_all_who_have_the_zoo_open(lab, worker, bench):
    lab.measure()
    settle(lab)
    other = Lab(bench, worker, "other")

    assert other.identities() == lab.identities() is not None
