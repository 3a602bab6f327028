import pytest

from analysis.merge.recipe import Recipe
from app.bench.expectations import anchor_warnings
from app.errors import NoAccuracyError
from app.work.jobs import JobContext

WITHOUT_DEEP = {"shallow": 1.0, "deep": 0.0, "everywhere": 1.0}


@pytest.fixture
def broken(bench):
    """A zoo whose fine-tuned model of 'deep' gives features that have no length in float32."""
    vectors = bench.zoo.task_vectors
    vectors.layout.view(vectors.deltas[1], "visual.proj").fill_(1e30)
    return bench


def merge_of_the_others(bench):
    return Recipe.from_mapping({"scaling": 0.5, "weights": WITHOUT_DEEP}, tasks=bench.tasks)


def test_fine_tuned_model_without_accuracy_costs_its_task_the_comparison_alone(broken):
    run = broken.run(merge_of_the_others(broken)).compute(JobContext())

    normalized = {score.task: score.normalized_accuracy for score in run.tasks}
    assert normalized.pop("deep") is None
    assert None not in normalized.values()
    assert run.mean.accuracy is not None
    assert run.mean.normalized_accuracy is None


def test_reason_is_a_warning_and_looking_up_does_not_measure_again(broken):
    broken.run(merge_of_the_others(broken)).compute(JobContext())

    _, anchors = broken.recall(merge_of_the_others(broken), split="val", n_images=None)

    (warning,) = anchor_warnings(broken.zoo.file, anchors, "val")
    assert warning.startswith("The model fine-tuned on 'deep' has no accuracy on 'deep': the features of")
    assert warning.endswith("Check its checkpoint and head.")
    assert list(anchors.fine_tuned) == ["shallow", "everywhere"]


def test_merge_that_overflows_with_it_is_refused_all_the_same(broken):
    recipe = Recipe.from_mapping({"scaling": 1.0}, tasks=broken.tasks)

    with pytest.raises(NoAccuracyError, match=r"^The merge has no accuracy"):
        broken.run(recipe).compute(JobContext())
