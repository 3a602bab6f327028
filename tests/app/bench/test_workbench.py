from dataclasses import replace
from time import sleep

import pytest
import torch
from safetensors.torch import load_file

from analysis.evaluation.scores import TaskScore
from analysis.merge.recipe import Recipe, anchor_recipe
from app.bench.runs import Anchors, is_correct
from app.bench.workbenches import Workbenches
from app.work.jobs import JobCancelled, JobContext
from tests.zoo_on_disk import write_zoo


def recipe(bench, **given):
    return Recipe.from_mapping({"scaling": 0.5, **given}, tasks=bench.tasks)


def measured(bench, a_recipe, **others):
    return bench.run(a_recipe, **others).compute(JobContext())


def accuracies(predictions):
    return {task: is_correct(one).mean() for task, one in predictions.items()}


def test_run_scores_every_task_and_keeps_controls_apart(bench):
    run = measured(bench, recipe(bench))

    assert [score.task for score in run.tasks] == ["shallow", "deep", "everywhere"]
    assert [score.task for score in run.controls] == ["letters"]
    assert run.mean.accuracy == pytest.approx(sum(score.accuracy for score in run.tasks) / 3)
    assert {score.n for score in run.tasks} == {40}


@pytest.mark.parametrize(("task", "row"), [("shallow", 0), ("deep", 1), ("everywhere", 2)])
def test_one_task_at_weight_one_scores_what_its_fine_tuned_model_does(bench, task, row):
    weights = {name: float(name == task) for name in bench.tasks}

    run = measured(bench, recipe(bench, scaling=1.0, weights=weights))

    assert run.tasks[row].accuracy == 0.9
    assert run.tasks[row].normalized_accuracy == 1.0


def test_scaling_zero_scores_what_the_base_does(bench):
    context = JobContext()
    run = bench.run(recipe(bench, scaling=0.0)).compute(context)

    anchors = bench.anchors(context, split="val", n_images=None)
    assert accuracies(run.predictions) == accuracies(anchors.zero_shot)
    assert accuracies(run.predictions)["letters"] == 0.9


def test_scores_stream_task_by_task_before_the_anchors(bench):
    context = JobContext()
    bench.run(recipe(bench)).compute(context)

    assert [type(event) for event in context.emitted] == [TaskScore] * 4 + [Anchors]


def test_anchors_are_zero_shot_everywhere_and_fine_tuned_at_home(bench):
    anchors = bench.anchors(JobContext(), split="val", n_images=None)

    assert list(anchors.zero_shot) == ["shallow", "deep", "everywhere", "letters"]
    assert accuracies(anchors.fine_tuned) == {"shallow": 0.9, "deep": 0.9, "everywhere": 0.9}


def test_normalised_accuracy_is_against_the_fine_tuned_model_on_the_same_images(bench):
    run = measured(bench, recipe(bench), n_images=20)
    anchors = bench.anchors(JobContext(), split="val", n_images=20)

    for score in run.tasks:
        top = is_correct(anchors.fine_tuned[score.task]).sum()
        assert score.normalized_accuracy == pytest.approx(score.correct / top)


def test_same_recipe_again_is_looked_up(bench):
    first, again = (measured(bench, recipe(bench)) for _ in range(2))

    assert (first.from_history, again.from_history) == (False, True)
    assert again.run_id == first.run_id
    assert (again.tasks, again.controls, again.mean) == (first.tasks, first.controls, first.mean)


def test_looked_up_run_comes_with_its_anchors(bench):
    measured(bench, recipe(bench))
    context = JobContext()

    bench.run(recipe(bench)).compute(context)

    assert [type(event) for event in context.emitted] == [Anchors]


def listed(bench):
    return [(stored.record.run_id, stored.record.kind) for stored in bench.history.latest()]


@pytest.mark.parametrize("kind", ["lab", "cli"])
def test_run_the_strip_measured_first_is_listed_once_a_person_asks(bench, kind):
    strip = measured(bench, recipe(bench), kind="sweep")

    asked, again = (measured(bench, recipe(bench), kind=kind) for _ in range(2))

    assert asked.from_history
    assert asked.run_id == again.run_id != strip.run_id
    assert listed(bench) == [(asked.run_id, kind)]
    assert (again.tasks, again.controls, again.mean) == (strip.tasks, strip.controls, strip.mean)
    assert accuracies(again.predictions) == accuracies(strip.predictions)


def test_anchor_a_person_asks_for_is_listed_and_normalised(bench):
    anchors = bench.anchors(JobContext(), split="val", n_images=None)

    asked = measured(bench, anchor_recipe(bench.tasks))

    assert asked.from_history
    assert [score.normalized_accuracy for score in asked.tasks] == [
        pytest.approx(accuracies(anchors.zero_shot)[task] / 0.9) for task in bench.tasks
    ]
    assert asked.mean.normalized_accuracy is not None
    assert listed(bench) == [(asked.run_id, "lab")]


def test_run_a_person_asked_for_is_not_listed_again(bench):
    asked = measured(bench, recipe(bench), kind="cli")

    for kind in ("lab", "sweep"):
        assert measured(bench, recipe(bench), kind=kind).run_id == asked.run_id
    assert listed(bench) == [(asked.run_id, "cli")]


def test_measuring_the_anchors_leaves_the_run_as_merged(bench, benches, zoo):
    one = measured(bench, recipe(bench, scaling=0.3))
    bench.anchors(JobContext(), split="val", n_images=None)

    other = measured(bench, replace(recipe(bench, scaling=0.3), seed=1))

    assert accuracies(one.predictions) == accuracies(other.predictions)


def test_sample_as_large_as_the_sets_counts_as_all_images(bench):
    run = measured(bench, recipe(bench), n_images=40)

    assert run.n_images is None
    assert measured(bench, recipe(bench), n_images=1000).run_id == run.run_id
    assert measured(bench, recipe(bench), n_images=None).run_id == run.run_id


def test_small_sample_is_the_beginning_of_a_large_one(bench):
    small, large = measured(bench, recipe(bench), n_images=16), measured(bench, recipe(bench))

    assert small.n_images == 16
    for task, one in small.predictions.items():
        whole = large.predictions[task]
        for column in ("labels", "prediction", "log_prob", "margin"):
            assert (getattr(one, column) == getattr(whole, column)[:16]).all()


def test_anchors_of_a_small_sample_are_the_beginning_of_the_large_ones(bench):
    large = bench.anchors(JobContext(), split="val", n_images=None)
    small = bench.anchors(JobContext(), split="val", n_images=8)

    assert (small.fine_tuned["deep"].log_prob == large.fine_tuned["deep"].log_prob[:8]).all()


def test_anchors_measured_on_few_images_are_measured_again_for_more(bench):
    bench.anchors(JobContext(), split="val", n_images=8)

    assert len(bench.anchors(JobContext(), split="val", n_images=None).zero_shot["deep"].labels) == 40


def test_splits_do_not_mix(bench):
    val, test = (measured(bench, recipe(bench), split=split) for split in ("val", "test"))

    assert {score.n for score in val.tasks} == {40}
    assert {score.n for score in test.tasks} == {60}
    assert (bench.largest_sample("val"), bench.largest_sample("test")) == (40, 60)


def test_stopped_measurement_is_not_remembered(bench):
    class Stopping(JobContext):
        def emit(self, value):
            self.cancelled = True
            super().emit(value)

    with pytest.raises(JobCancelled):
        bench.run(recipe(bench)).compute(Stopping())

    assert bench.history.latest() == []
    assert not measured(bench, recipe(bench)).from_history


def test_zoo_without_encoder_gives_a_run_without_scores(benches, tmp_path):
    bench = benches.open(write_zoo(tmp_path / "zoo", with_encoder=False), JobContext(), device="cpu")

    run = measured(bench, recipe(bench))

    assert (run.tasks, run.controls, run.mean.accuracy) == ((), (), None)


def test_encoder_shows_every_merge_without_a_copy(bench):
    encoder, layout = bench.setup.encoder, bench.zoo.task_vectors.layout
    weight = encoder.tower.transformer.resblocks[0].mlp.c_fc.weight

    bench.engine.merge(anchor_recipe(bench.tasks, "shallow"))

    stored = load_file(bench.zoo.file.folder / "shallow.safetensors")
    name = "visual.transformer.resblocks.0.mlp.c_fc.weight"
    assert weight.data_ptr() == layout.view(bench.engine.theta, name).data_ptr()
    torch.testing.assert_close(weight.detach(), stored[name], rtol=0, atol=1e-6)


def test_alpha_the_rule_found_is_kept_with_the_run(bench):
    lines = Recipe.from_mapping({"lines": {"alpha": "auto", "beta": 0.5}}, tasks=bench.tasks)

    first, again = measured(bench, lines), measured(bench, lines)

    assert first.alpha == pytest.approx(1 / 3, rel=1e-5)
    assert again.alpha == first.alpha


def test_run_of_some_tasks_has_their_scores_and_is_no_answer_for_all(bench):
    some = measured(bench, recipe(bench), tasks=["deep"], kind="sweep")
    found = bench.run(recipe(bench), tasks=["deep"]).find()
    for_all = bench.run(recipe(bench)).find()
    whole = measured(bench, recipe(bench))

    assert [score.task for score in some.tasks] == ["deep"]
    assert some.controls == ()
    assert found.run_id == some.run_id
    assert for_all is None
    assert not whole.from_history
    assert next(score for score in whole.tasks if score.task == "deep") == some.tasks[0]


def test_run_of_all_tasks_answers_for_some(bench):
    whole = measured(bench, recipe(bench))

    assert measured(bench, recipe(bench), tasks=["deep"]).run_id == whole.run_id


def test_an_update_that_is_a_task_vector_scores_what_its_model_does(bench):
    row = bench.tasks.index("deep")
    delta = bench.zoo.task_vectors.deltas[row]

    found = bench.evaluate_update(
        lambda update: update.copy_(delta), JobContext(), kind="made", scaling=1.0, tasks=["deep"]
    )
    after = measured(bench, recipe(bench, scaling=0.0))

    assert accuracies(found) == {"deep": 0.9}
    assert accuracies(after.predictions)["letters"] == 0.9


def test_runs_are_shared_only_by_those_that_give_the_same_values(bench, benches, tmp_path):
    other = benches.open(write_zoo(tmp_path / "other", tasks=["deep"]), JobContext(), device="cpu")
    same = recipe(bench)
    wanted = [
        bench.run(same),
        bench.run(same, kind="sweep"),
        bench.run(same, n_images=20),
        bench.run(same, split="test"),
        bench.run(same, tasks=["deep"]),
        bench.run(recipe(bench, scaling=0.4)),
        other.run(recipe(other)),
    ]

    assert bench.run(same).identity == wanted[0].identity
    assert len({one.identity for one in wanted}) == len(wanted)


def test_time_of_a_measurement_is_known_once_one_was_made_and_after_a_new_start(bench, benches, zoo):
    before = bench.run(recipe(bench)).seconds()
    measured(bench, recipe(bench))
    after = [bench.run(recipe(bench, scaling=0.4), n_images=n).seconds() for n in (20, None)]
    again = Workbenches(benches.store).open(zoo, JobContext(), device="cpu")

    assert before is None
    assert 0 < after[0] < after[1]
    assert again.run(recipe(again)).seconds() == pytest.approx(after[1], rel=0.5)


def test_time_of_an_update_is_that_of_its_kind(bench):
    measured(bench, recipe(bench))
    guess = bench.seconds("slow update")

    def write(update):
        sleep(0.2)
        update.zero_()

    bench.evaluate_update(write, JobContext(), kind="slow update", scaling=1.0)

    assert guess < 0.2 < bench.seconds("slow update")


def test_progress_of_an_evaluation_counts_tasks(bench):
    notes = []

    class Noting(JobContext):
        def report(self, fraction, note="", **others):
            notes.append((fraction, note))

    bench.run(recipe(bench), split="test").compute(Noting())

    assert (0.25, "Evaluating 'deep', 2 of 4") in notes
    assert (0.5, "Measuring the base, once: 2 of 4 tasks") in notes


def test_a_known_run_is_recalled_only_with_all_it_lies_between(bench):
    nothing = bench.recall(recipe(bench), split="val", n_images=None)
    bench.run(recipe(bench), kind="sweep", n_images=None, tasks=["deep"]).compute(JobContext())
    part = bench.recall(recipe(bench), split="val", n_images=None)
    run = bench.run(recipe(bench), kind="sweep", n_images=None).compute(JobContext())
    found, anchors = bench.recall(recipe(bench), split="val", n_images=None)

    assert (nothing, part) == (None, None)
    assert accuracies(found.predictions) == accuracies(run.predictions)
    assert list(anchors.zero_shot) == ["shallow", "deep", "everywhere", "letters"]
    assert [stored.record.kind for stored in bench.history.latest()] == ["lab"]
