import pytest

from cache.pickles.inert import Made, Named, PickleError
from cache.pickles.modules import is_module, module_tensors

TENSOR = Made(Named("torch._utils", "_rebuild_tensor_v2"), ())


def module(*, parameters=(), buffers=(), passing=(), children=None, kind="src.model.Net"):
    state = {
        "_parameters": dict.fromkeys(parameters, TENSOR),
        "_buffers": dict.fromkeys(buffers, TENSOR),
        "_non_persistent_buffers_set": Made(Named("builtins", "set"), (list(passing),)),
        "_modules": children or {},
    }
    return Made(Named(*kind.rsplit(".", 1)), (), state)


def script(**state):
    return Made(Named("__torch__.net", "Net"), (), state)


def test_names_and_order_are_those_of_a_state_dict():
    inner = module(parameters=["weight"], buffers=["mean"])
    outer = module(parameters=["scale"], children={"first": inner, "none": None, "second": inner})

    assert list(module_tensors(outer)) == [
        "scale",
        "first.weight",
        "first.mean",
        "second.weight",
        "second.mean",
    ]


def test_buffers_that_are_not_saved_and_absent_parameters_are_no_weights():
    net = module(parameters=["weight"], buffers=["mean", "scratch"], passing=["scratch"])
    net.state["_parameters"]["bias"] = None
    newer = module(buffers=["scratch"])
    newer.state["_non_persistent_buffers_set"] = ["scratch"]  # as protocol 4 writes a set

    assert list(module_tensors(net)) == ["weight", "mean"]
    assert not module_tensors(newer)


def test_torchscript_keeps_tensors_and_modules_as_attributes():
    net = script(weight=TENSOR, training=True, inner=script(bias=TENSOR), empty=script())

    assert is_module(net)
    assert list(module_tensors(net)) == ["weight", "inner.bias"]


@pytest.mark.parametrize("value", [3, {}, {"_parameters": {}}, Made(Named("a", "B"), (), {"_modules": {}})])
def test_other_objects_are_no_modules(value):
    assert not is_module(value)


@pytest.mark.parametrize(
    "net",
    [
        module(children={"packed": Made(Named("odd", "Linear"), ())}),
        module(children={"packed": module(kind="torch.ao.nn.quantized.dynamic.Linear")}),
        script(packed=Made(Named("__torch__.torch.classes.quantized", "Linear"), ())),
    ],
)
def test_weights_that_are_packed_away_are_not_left_out_in_silence(net):
    with pytest.raises(
        PickleError, match=r"holds a module 'packed' of class .*Linear, which packs its weights"
    ):
        module_tensors(net)


def test_a_packed_module_is_one_at_the_top_too():
    with pytest.raises(PickleError, match=r"of class torch\.ao\.nn\.quantized\.Linear, which packs"):
        module_tensors(module(kind="torch.ao.nn.quantized.Linear"))


def test_a_module_inside_itself_ends():
    net = module(parameters=["weight"])
    net.state["_modules"]["self"] = net

    with pytest.raises(PickleError, match="nested deeper than 100"):
        module_tensors(net)


def test_modules_shared_without_end_are_limited(monkeypatch):
    monkeypatch.setattr("cache.pickles.modules._MOST_CHARACTERS", 10_000)
    net = module(parameters=["weight"])
    for _ in range(60):
        net = module(children={"a": net, "b": net})

    with pytest.raises(PickleError, match="more than 10000 characters"):
        module_tensors(net)
