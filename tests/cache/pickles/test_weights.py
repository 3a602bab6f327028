import pytest

from cache.pickles.inert import Made, Named, Nameless, PickleError
from cache.pickles.weights import find_weights

TENSOR = Made(Named("torch._utils", "_rebuild_tensor_v2"), ())
STATE = {"a": TENSOR, "b": TENSOR}
OPTIMISER = {"state": {Nameless(): {"exp_avg": TENSOR}}, "param_groups": []}
ARGS = Made(Named("argparse", "Namespace"), (), {"lr": 0.1})
MODULE = Made(Named("src.model", "Net"), (), {"_parameters": {"w": TENSOR}, "_buffers": {}, "_modules": {}})


def test_a_plain_state_dict_is_what_it_is():
    found = find_weights(STATE)

    assert (list(found.tensors), found.metadata, found.notes) == (["a", "b"], {}, ())


@pytest.mark.parametrize(
    "key",
    ["state_dict", "model", "model_state_dict", "net", "module", "state_dict_ema", "teacher", "anything"],
)
def test_weights_lie_under_the_key_that_a_script_gave_them(key):
    found = find_weights({"epoch": 3, key: STATE, "optimizer": OPTIMISER, "args": ARGS, "none": None})

    assert list(found.tensors) == ["a", "b"]
    assert found.metadata == {"epoch": "3"}
    assert found.notes == (
        f"Weights were taken from '{key}'; 'optimizer', 'args' beside them are no weights and were left "
        "aside.",
    )


@pytest.mark.parametrize(
    "beside",
    [
        {"optimizer": {"m": TENSOR}},
        {"lr_scheduler": {"m": TENSOR}},
        {"rng_state": TENSOR, "rng_states": {"cpu": TENSOR}},
        {"other": {"state": {"a": {"exp_avg": TENSOR}}, "param_groups": []}},
    ],
    ids=lambda beside: " ".join(beside),
)
def test_tensors_of_training_are_no_weights(beside):
    found = find_weights({**beside, "anything": STATE})

    assert list(found.tensors) == ["a", "b"]
    assert not found.doubts


def test_weights_several_levels_down_are_named_by_the_way_to_them():
    found = find_weights({"checkpoint": {"trainer": {"model": STATE}}})

    assert list(found.tensors) == ["a", "b"]
    assert found.notes == ("Weights were taken from 'checkpoint.trainer.model'.",)


@pytest.mark.parametrize(
    ("raw", "averaged"), [("state_dict", "state_dict_ema"), ("model", "ema"), ("model", "model_ema")]
)
def test_raw_weights_are_taken_before_averaged_ones_and_both_are_named(raw, averaged):
    found = find_weights({averaged: {"c": TENSOR}, raw: STATE})

    assert list(found.tensors) == ["a", "b"]
    assert found.doubts == (
        f"Weights were taken from '{raw}'; other weights lie under '{averaged}'. If those are meant, write "
        f"'#{averaged}' behind the file's name.",
    )


@pytest.mark.parametrize("saved", [MODULE, {"model": MODULE, "epoch": 3}])
def test_a_whole_module_is_walked(saved):
    found = find_weights(saved)

    assert list(found.tensors) == ["w"]
    assert "taken from a pickled src.model.Net" in found.notes[0]


def test_torchscript_is_named():
    (note,) = find_weights(Made(Named("__torch__.net", "Net"), (), {"w": TENSOR})).notes

    assert note == "Weights were taken from a TorchScript archive (where buffers and weights look alike)."


@pytest.mark.parametrize(
    "saved",
    [
        [("a", TENSOR), ("b", TENSOR)],
        Made(Named("collections", "OrderedDict"), ([["a", TENSOR], ["b", TENSOR]],)),
        Made(Named("mine", "Dict"), (), items={"a": TENSOR, "b": TENSOR}),
    ],
    ids=["pairs", "ordered by Python 2", "a mapping of another class"],
)
def test_what_maps_names_to_tensors_is_a_state_dict(saved):
    assert list(find_weights(saved).tensors) == ["a", "b"]


def test_extra_state_of_a_layer_is_no_second_set_of_weights():
    found = find_weights({"a": TENSOR, "a._extra_state": {"scale": TENSOR}})

    assert list(found.tensors) == ["a"]
    assert found.notes == ("'a._extra_state' beside them are no weights and were left aside.",)


def test_text_and_objects_among_tensors_are_left_aside():
    found = find_weights({"a": TENSOR, "model_name": "ViT-B-32", "version": 3, "args": ARGS})

    assert list(found.tensors) == ["a"]
    assert found.metadata == {"model_name": "ViT-B-32", "version": "3"}
    assert found.notes == ("'args' beside them are no weights and were left aside.",)


def test_numbers_too_long_to_print_are_no_metadata():
    assert find_weights({"a": TENSOR, "n": 10**5000}).metadata == {}


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ({"encoder": STATE, "decoder": STATE}, "several sets of weights .under 'encoder', 'decoder'."),
        ({"a": TENSOR, "inner": STATE}, "several sets of weights .under 'inner'."),
        (OPTIMISER, "the state of an optimiser, and no weights"),
        ({"optimizer": OPTIMISER}, "the state of an optimiser, and no weights"),
        ({"epoch": 3}, "holds no tensors; a checkpoint is data"),
        ({"a": ARGS}, "holds no tensors .'a' is an argparse.Namespace."),
        ({"a": Made(Named("numpy", "ndarray"), ())}, "holds NumPy arrays .'a'., which torch.from_numpy"),
        ({"model": {"a": Made(Named("numpy", "ndarray"), ())}, "epoch": 3}, "NumPy arrays under 'model'"),
        (ARGS, "holds an argparse.Namespace without names"),
        ([TENSOR], "holds a list without names"),
        (TENSOR, "holds a tensor without names"),
        ({"a": TENSOR, Nameless(): TENSOR}, "a tensor whose name is no text"),
        ({Nameless(): TENSOR}, "holds a dict without names"),
        (3, "holds an int without names"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_guessed(saved, message):
    with pytest.raises(PickleError, match=message):
        find_weights(saved)


def test_an_object_that_holds_itself_ends():
    saved = {}
    saved["model"] = saved

    with pytest.raises(PickleError, match="holds no tensors"):
        find_weights(saved)


def test_lists_that_are_asked_for_again_and_again_are_limited(monkeypatch):
    monkeypatch.setattr("cache.pickles.weights._MOST_LOOKS", 1000)
    pairs = [("a", 1)] * 100
    saved = {f"{number}": Made(Named("mine", "Dict"), (pairs,)) for number in range(1000)}

    with pytest.raises(PickleError, match="more than 1000 objects"):
        find_weights(saved)
