from itertools import product

import pytest
import torch

from analysis.errors import AnalysisError
from analysis.kernels.fused import Buffers, Slice
from analysis.kernels.scale import write_scaled
from analysis.merge.params import Choice
from analysis.merge.registry import Identity, merge_methods, remaining

N_TASKS, N_WEIGHTS = 4, 3001
WHOLE = ((0, N_WEIGHTS),)
TWO_RANGES = ((5, 1200), (1500, 3000))


def _ends(setting):
    return setting.options if isinstance(setting, Choice) else (setting.low, setting.high)


def _every_setting():
    for name, method in merge_methods().items():
        settings = method.settings
        for values in product(*map(_ends, settings.values())):
            given = dict(zip(settings, values, strict=True))
            yield pytest.param(method, method.parse_params(given), id=f"{name}-{given}")
        yield pytest.param(method, method.parse_params({}), id=f"{name}-defaults")


every_setting = pytest.mark.parametrize(("method", "params"), list(_every_setting()))
every_method = pytest.mark.parametrize(
    "method", list(merge_methods().values()), ids=lambda method: method.name
)


@pytest.fixture
def deltas():
    # Quarters, so that magnitudes tie, sums cancel exactly and no order of summation rounds.
    return (torch.randn(N_TASKS, N_WEIGHTS, generator=torch.Generator().manual_seed(0)) * 6).round() / 4


@pytest.fixture
def weights():
    return torch.tensor([1.0, 0.5, -1.0, 2.0])


@every_setting
def test_task_order_does_not_matter(method, params, deltas, weights):
    order = [2, 0, 3, 1]

    merged = method(deltas[order], weights[order], params)

    torch.testing.assert_close(merged, method(deltas, weights, params), rtol=0, atol=1e-6)


@every_setting
def test_inputs_are_left_untouched(method, params, deltas, weights):
    before = deltas.clone(), weights.clone()

    method(deltas, weights, params)

    assert torch.equal(deltas, before[0])
    assert torch.equal(weights, before[1])


@every_setting
def test_merging_one_slice_equals_that_slice_of_the_whole(method, params, deltas, weights):
    tasks = remaining(weights)
    prepared = method.prepare(deltas, tasks, WHOLE, params, lambda: None) if method.prepare else None
    tally = method.survey(deltas, weights, prepared, params) if method.survey else None

    piece = method.combine(deltas[:, 700:900], weights, prepared, params, start=700, tally=tally)

    assert torch.equal(piece, method(deltas, weights, params)[700:900])


@every_setting
def test_tallies_of_slices_add_up_to_the_whole(method, params, deltas, weights):
    if method.survey is None:
        return
    prepared = (
        method.prepare(deltas, remaining(weights), WHOLE, params, lambda: None) if method.prepare else None
    )

    def tally(start, stop):
        return method.survey(deltas[:, start:stop], weights, prepared, params, start=start)

    assert tally(0, 900) + tally(900, N_WEIGHTS) == tally(0, N_WEIGHTS)


@every_method
def test_merging_nothing_is_refused(method, deltas):
    with pytest.raises(AnalysisError, match="Merging nothing"):
        method(deltas, torch.zeros(N_TASKS))


@every_setting
def test_weight_zero_equals_leaving_the_task_out(method, params, deltas):
    without = method(deltas[[0, 2, 3]], torch.tensor([1.0, 0.5, -1.0]), params)

    assert torch.equal(method(deltas, torch.tensor([1.0, 0.0, 0.5, -1.0]), params), without)


@every_setting
def test_weights_out_of_scope_stay_at_zero(method, params, deltas, weights):
    merged = method(deltas, weights, params, ranges=TWO_RANGES)

    assert not merged[:5].any()
    assert not merged[1200:1500].any()
    assert not merged[3000:].any()


@every_setting
def test_weights_out_of_scope_have_no_say(method, params, deltas, weights):
    changed = deltas.clone()
    changed[:, 1200:1500] += 100.0

    merged = method(changed, weights, params, ranges=TWO_RANGES)

    assert torch.equal(merged, method(deltas, weights, params, ranges=TWO_RANGES))


@every_setting
def test_shape_and_dtype_survive_and_every_number_is_finite(method, params, deltas, weights):
    merged = method(deltas, weights, params)

    assert merged.shape == (N_WEIGHTS,)
    assert merged.dtype == torch.float32
    assert merged.isfinite().all()


@every_method
def test_one_task_at_weight_one_is_its_fine_tuned_model_where_declared(method, deltas):
    alone = method(deltas, torch.tensor([0.0, 0.0, 1.0, 0.0]))

    assert torch.equal(alone, deltas[2]) or Identity.ONE_TASK_IS_FINE_TUNED not in method.identities


@every_method
def test_scaling_zero_gives_the_base_for_every_method(method, deltas, weights):
    theta_0 = torch.randn(N_WEIGHTS, generator=torch.Generator().manual_seed(1))
    buffers = Buffers(theta_0, deltas, method(deltas, weights), torch.empty_like(theta_0))

    write_scaled(buffers, Slice(0, N_WEIGHTS, 0.0))

    assert Identity.ZERO_SCALING_IS_BASE in method.identities
    assert torch.equal(buffers.theta, theta_0)


@every_method
def test_linear_method_is_the_sum_its_coefficients_say(method, deltas, weights):
    if method.coefficients is None:
        return
    expected = method.coefficients(weights) @ deltas

    torch.testing.assert_close(method(deltas, weights), expected, rtol=0, atol=1e-6)


@every_setting
@pytest.mark.parametrize("n_tasks", [1, 4, 11])
@pytest.mark.parametrize("rounded", [True, False])
def test_fused_pass_equals_the_reference_bit_for_bit(method, params, n_tasks, rounded):
    if method.fused is None:
        return
    generator = torch.Generator().manual_seed(n_tasks)
    deltas = torch.randn(n_tasks, N_WEIGHTS, generator=generator)
    deltas = (deltas * 6).round() / 4 if rounded else deltas
    weights = torch.ones(n_tasks) if rounded else torch.linspace(-0.7, 1.4, n_tasks)
    weights[1:2] = 0.0
    expected = method(deltas, weights, params, ranges=TWO_RANGES)
    theta_0 = torch.randn(N_WEIGHTS, generator=generator)
    buffers = Buffers(theta_0, deltas, torch.zeros(N_WEIGHTS), theta_0.clone())

    _merge_fused(method, params, buffers, weights)

    assert torch.equal(_bits(buffers.tau_mtl), _bits(expected))
    assert torch.equal(_bits(buffers.theta), _bits(theta_0 + torch.tensor(0.3) * expected))


def _merge_fused(method, params, buffers, weights):
    tasks = remaining(weights)
    prepared = (
        method.prepare(buffers.deltas, tasks, TWO_RANGES, params, lambda: None) if method.prepare else None
    )
    merge = method.fused(buffers, tasks, weights[list(tasks)], prepared, params)
    for start, stop in TWO_RANGES:
        for column in range(start, stop, 400):
            merge.write(Slice(column, min(column + 400, stop), 0.3))
    for columns in merge.unsettled():
        merge.write(columns)


def _bits(values):
    return values.view(torch.int32)
