from dataclasses import dataclass

import pytest
import torch

from analysis.errors import AnalysisError, ParameterRangeError
from analysis.merge import registry
from analysis.merge.params import Choice, NoParams, Param, choice, param, parse, settings_of
from analysis.merge.registry import merge_method_named, merge_methods, remaining


@dataclass(frozen=True, slots=True)
class Soup:
    salt: float = param(0.5, low=0.0, high=2.0, step=0.1, meaning="how salty")
    style: str = choice("clear", options=("clear", "creamy"), meaning="what it looks like")


def test_methods_are_found_in_alphabetical_order():
    assert list(merge_methods()) == sorted(merge_methods())
    assert {"average", "task_arithmetic", "ties"} <= set(merge_methods())


def test_method_has_the_name_of_its_module():
    for name, method in merge_methods().items():
        assert merge_method_named(name) is method
        __import__(f"analysis.methods.{name}")


def test_unknown_method_is_refused_with_the_known_ones():
    with pytest.raises(AnalysisError, match=r"no merging method 'tias'; choose one of average, .*ties"):
        merge_method_named("tias")


def test_settings_are_read_from_the_dataclass_in_order():
    assert settings_of(Soup) == {
        "salt": Param(0.0, 2.0, 0.1, "how salty"),
        "style": Choice(("clear", "creamy"), "what it looks like"),
    }


def test_parameters_left_out_take_their_defaults():
    assert parse(Soup, {"style": "creamy"}, title="Soup") == Soup(salt=0.5, style="creamy")


@pytest.mark.parametrize("end", [0, 2])
def test_ends_of_the_range_are_accepted_and_become_floats(end):
    salt = parse(Soup, {"salt": end}, title="Soup").salt

    assert salt == end
    assert isinstance(salt, float)


@pytest.mark.parametrize("salt", [-0.1, 2.1, float("nan"), float("inf"), "0.5", None, True])
def test_value_outside_its_range_is_refused(salt):
    with pytest.raises(ParameterRangeError, match=r"^Soup: salt is .*; it must lie in \[0, 2\]\.$"):
        parse(Soup, {"salt": salt}, title="Soup")


@pytest.mark.parametrize("style", ["thick", 1, None, ["clear"]])
def test_word_that_is_no_option_is_refused(style):
    with pytest.raises(
        ParameterRangeError, match=r"^Soup: style is .*; it must be one of 'clear', 'creamy'\.$"
    ):
        parse(Soup, {"style": style}, title="Soup")


def test_unknown_parameter_is_refused_with_the_known_ones():
    with pytest.raises(ParameterRangeError, match=r"^Soup has no parameter 'slat'; it takes salt, style\.$"):
        parse(Soup, {"slat": 1.0}, title="Soup")


def test_parameter_of_a_method_without_any_is_refused():
    with pytest.raises(ParameterRangeError, match=r"^Water has no parameter 'salt'; it takes none\.$"):
        parse(NoParams, {"salt": 1.0}, title="Water")


def test_weight_of_zero_leaves_its_task_out():
    assert remaining(torch.tensor([1.0, 0.0, -0.5, -0.0])) == (0, 2)


def test_weights_that_are_all_zero_are_refused():
    with pytest.raises(AnalysisError, match="Merging nothing"):
        remaining(torch.zeros(3))


@pytest.mark.parametrize(
    ("module", "name", "message"),
    [
        ("analysis.methods.mine", "average", "has the name of its file"),
        ("elsewhere", "average", "'average' again"),
    ],
)
def test_method_under_a_name_that_is_not_its_own_is_refused(monkeypatch, module, name, message):
    registry.merge_methods()
    monkeypatch.setattr(registry, "_METHODS", dict(registry._METHODS))

    def combine(*_, **__):
        raise AssertionError

    combine.__module__ = module
    register = registry.merge_method(name=name, title="Mine", source="none", formula="")

    with pytest.raises(ValueError, match=message):
        register(combine)
    assert registry.merge_method_named("average").title != "Mine"


def test_every_method_has_a_usual_scale_at_its_own_settings():
    methods = merge_methods()
    usual = {name: one.usual_scaling(one.params()) for name, one in methods.items()}

    assert all(0 < scaling <= 2 for scaling in usual.values())
    assert (usual["task_arithmetic"], usual["average"], usual["ties"]) == (0.3, 1.0, 1.0)
    assert methods["ties"].usual_scaling(methods["ties"].parse_params({"merge": "sum"})) == 0.3
