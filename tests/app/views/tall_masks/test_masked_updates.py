import pytest
import torch

from analysis.masks.knock_out import Removal
from analysis.masks.multi_task_vector import Vector
from analysis.model.scope import Scope
from app.bench.mask_statistics import MaskSettings
from app.views.tall_masks.masked_updates import MaskedUpdates
from app.work.jobs import JobContext

SETTINGS = {vector: MaskSettings(Scope.CHANGED, vector, (0.4,) * 3) for vector in Vector}


def written(bench, variant):
    update = torch.full_like(bench.zoo.task_vectors.theta_0, torch.nan)
    variant.write(update, JobContext())
    return update


def masks(bench, tau_mtl, tall_lambda):
    deltas = bench.zoo.task_vectors.deltas
    return deltas.abs() > tall_lambda * (tau_mtl - deltas).abs()


@pytest.fixture
def updates(bench):
    return MaskedUpdates(bench, Scope.CHANGED, Vector.SUM)


def test_reconstruction_is_the_sum_where_the_mask_keeps_it(bench, updates):
    vectors = bench.zoo.task_vectors
    tau_mtl = vectors.deltas.sum(dim=0)

    update = written(bench, updates.reconstruction("deep", 0.3))

    mask = masks(bench, tau_mtl, 0.3)[vectors.tasks.index("deep")]
    assert torch.equal(update, tau_mtl * mask)
    assert 0 < mask.sum() < len(mask)


def test_without_removal_the_vector_is_whole(bench, updates):
    variant = updates.without(SETTINGS[Vector.SUM], None, scaling=0.3)

    assert torch.equal(written(bench, variant), bench.zoo.task_vectors.deltas.sum(dim=0))
    assert variant.scaling == 0.3


@pytest.mark.parametrize(
    ("removal", "counts"),
    [(Removal.SELFISH, [1]), (Removal.CATASTROPHIC, [0]), (Removal.BOTH, [0, 1])],
)
def test_removal_leaves_the_weights_of_other_counts(bench, updates, removal, counts):
    tau_mtl = bench.zoo.task_vectors.deltas.sum(dim=0)

    update = written(bench, updates.without(SETTINGS[Vector.SUM], removal, scaling=1.0))

    kept_by = masks(bench, tau_mtl, 0.4).sum(dim=0)
    gone = torch.isin(kept_by, torch.tensor(counts))
    assert torch.equal(update, torch.where(gone, 0.0, tau_mtl))


def test_control_removes_as_many_others(bench, updates):
    settings = SETTINGS[Vector.SUM]

    itself = written(bench, updates.without(settings, Removal.SELFISH, scaling=1.0))
    controls = [
        written(bench, updates.without(settings, Removal.SELFISH, draw=draw, scaling=1.0)) for draw in (0, 1)
    ]

    assert [int((one != 0).sum()) for one in controls] == [int((itself != 0).sum())] * 2
    assert not torch.equal(controls[0], itself)
    assert not torch.equal(controls[0], controls[1])


def test_ties_is_masked_as_the_masks_were_made(bench):
    updates, settings = MaskedUpdates(bench, Scope.CHANGED, Vector.TIES), SETTINGS[Vector.TIES]
    context = JobContext()
    tau_mtl = written(bench, updates.without(settings, None, scaling=1.0))

    update = written(bench, updates.reconstruction("everywhere", 0.4))

    row = bench.tasks.index("everywhere")
    mask = (bench.masks.bits(settings, context) >> row) & 1
    assert torch.equal(update, tau_mtl * mask)
    assert not torch.equal(tau_mtl, bench.zoo.task_vectors.deltas.sum(dim=0))


def test_everything_an_update_depends_on_is_in_its_inputs(bench, updates):
    other = MaskSettings(Scope.CHANGED, Vector.SUM, (0.4, 0.4, 0.5))
    variants = [
        updates.reconstruction("deep", 0.3),
        updates.reconstruction("deep", 0.4),
        updates.reconstruction("shallow", 0.3),
        MaskedUpdates(bench, Scope.CHANGED, Vector.TIES).reconstruction("deep", 0.3),
        MaskedUpdates(bench, Scope.BLOCKS, Vector.SUM).reconstruction("deep", 0.3),
        updates.without(SETTINGS[Vector.SUM], None, scaling=1.0),
        *(updates.without(SETTINGS[Vector.SUM], removal, scaling=1.0) for removal in Removal),
        updates.without(other, Removal.SELFISH, scaling=1.0),
        updates.without(SETTINGS[Vector.SUM], Removal.SELFISH, draw=0, scaling=1.0),
        updates.without(SETTINGS[Vector.SUM], Removal.SELFISH, draw=1, scaling=1.0),
    ]

    named = {(variant.name, *sorted(variant.inputs.items())) for variant in variants}

    assert len(named) == len(variants)


def test_whole_vector_is_the_same_whatever_the_masks(updates):
    other = MaskSettings(Scope.CHANGED, Vector.SUM, (0.9,) * 3)

    one, two = (updates.without(settings, None, scaling=1.0) for settings in (SETTINGS[Vector.SUM], other))

    assert one.inputs == two.inputs


def test_expected_overlap_is_a_share_of_the_removed_weights(bench, updates):
    settings, context = SETTINGS[Vector.SUM], JobContext()
    whole = written(bench, updates.without(settings, None, scaling=1.0))
    gone = written(bench, updates.without(settings, Removal.SELFISH, scaling=1.0)) != whole
    again = [
        (written(bench, updates.without(settings, Removal.SELFISH, draw=draw, scaling=1.0)) != whole) & gone
        for draw in range(30)
    ]

    share = updates.expected_overlap(settings, Removal.SELFISH, context)

    assert share == pytest.approx(sum(int(one.sum()) for one in again) / 30 / int(gone.sum()), rel=0.02)
