import pytest
import torch

from analysis.merge.recipe import Recipe, anchor_recipe
from app.errors import NoAccuracyError
from app.work.jobs import JobContext
from tests.resnet_zoo import TASKS, write_resnet_zoo

NEGATIVE_VARIANCE = (
    r"^The merge has no accuracy on 't0': NaN or infinity appears first in 'visual\.bn1', where "
    r"'visual\.bn1\.running_var', the running variance of a BatchNorm, is negative in 4 of 4 channels "
    r"\(lowest −0\.2\), which no variance can be\. Choose a scale nearer to 0\.$"
)


def recipe(bench, **given):
    return Recipe.from_mapping({"scaling": 1.0, **given}, tasks=bench.tasks)


def measured(bench, a_recipe, **others):
    return bench.run(a_recipe, **others).compute(JobContext())


@pytest.fixture
def resnets(benches, tmp_path):
    return benches.open(write_resnet_zoo(tmp_path / "resnets"), JobContext(), device="cpu")


def test_running_variance_that_became_negative_is_named(resnets):
    with pytest.raises(NoAccuracyError, match=NEGATIVE_VARIANCE):
        measured(resnets, recipe(resnets))


def test_same_models_are_measured_where_variances_stay_positive(resnets):
    assert measured(resnets, recipe(resnets, scaling=0.1)).mean.accuracy is not None


def test_nothing_of_a_refused_run_is_kept(resnets):
    for _ in range(2):
        with pytest.raises(NoAccuracyError):
            measured(resnets, recipe(resnets))

    assert resnets.history.latest() == []


@pytest.mark.parametrize(
    ("scaling", "where"),
    [
        (1e7, r"appears first in 'visual\.ln_post', where values exceed 3\.403e\+38, the largest float32"),
        (1e12, r"appears first in 'visual\.transformer\.resblocks\.0\.attn', where values exceed"),
        (1e30, r"appears first in 'visual\.ln_pre', where values exceed"),
    ],
)
def test_layer_that_overflows_first_is_named(bench, scaling, where):
    with pytest.raises(
        NoAccuracyError, match=rf"^The merge has no accuracy on 'shallow': NaN or infinity {where}"
    ):
        measured(bench, recipe(bench, scaling=scaling))


def test_weights_that_overflow_are_named_though_no_output_may_show_them(bench):
    # The frozen text tower is never evaluated.
    def write(update):
        update.zero_()
        bench.zoo.task_vectors.layout.view(update, "logit_scale").fill_(1e38)

    with pytest.raises(
        NoAccuracyError, match=r"^The merge has no accuracy: weights of 'logit_scale' exceed 3\.403e\+38"
    ):
        bench.evaluate_update(write, JobContext(), scaling=10.0, kind="update")


@pytest.mark.parametrize(
    ("factor", "what"), [(0.0, "are 0"), (1e30, "are too large to have a length in float32")]
)
def test_features_without_a_direction_choose_no_class(bench, factor, what):
    layout, vectors = bench.zoo.task_vectors.layout, bench.zoo.task_vectors
    projection = layout.view(vectors.theta_0, "visual.proj")

    def write(update):
        update.zero_()
        layout.view(update, "visual.proj").copy_((factor - 1) * projection)

    with pytest.raises(
        NoAccuracyError,
        match=f"on 'deep': the features of 40 of 40 images {what}. Choose a scale nearer to 0.$",
    ):
        bench.evaluate_update(write, JobContext(), scaling=1.0, kind="update", tasks=["deep"])


@pytest.mark.parametrize(("task", "who"), [(None, "The base"), ("t3", r"The model fine-tuned on 't3'")])
def test_model_of_the_zoo_that_has_no_accuracy_is_named(resnets, task, who):
    layout = resnets.zoo.task_vectors.layout
    layout.view(resnets.zoo.task_vectors.theta_0, "visual.layer1.0.bn2.running_var").fill_(-1.0)

    with pytest.raises(NoAccuracyError, match=rf"^{who} has no accuracy on 't0': .* Check its checkpoint"):
        measured(resnets, anchor_recipe(resnets.tasks, task))


def test_cosines_of_images_are_refused_alike(resnets):
    with pytest.raises(NoAccuracyError, match=NEGATIVE_VARIANCE):
        resnets.class_cosines(recipe(resnets), TASKS[0], JobContext(), n_images=3)


def test_hooks_are_gone_once_the_layer_is_found(resnets):
    tower = resnets.setup.encoder.tower
    before = [len(one._forward_hooks) + len(one._forward_pre_hooks) for one in tower.modules()]

    with pytest.raises(NoAccuracyError):
        measured(resnets, recipe(resnets))

    assert [len(one._forward_hooks) + len(one._forward_pre_hooks) for one in tower.modules()] == before


def test_padding_of_a_batch_is_never_looked_at(bench, monkeypatch):
    # The last batch is padded with black images; only those of the set count.
    monkeypatch.setattr(
        type(bench.setup.encoder),
        "features",
        lambda encoder, images, *, check: torch.where(
            torch.arange(len(images))[:, None] < 40, torch.ones(len(images), 8), torch.nan
        ),
    )

    assert measured(bench, recipe(bench)).tasks[0].n == 40
