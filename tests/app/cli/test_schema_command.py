import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from analysis.errors import AnalysisError
from analysis.merge import registry
from analysis.merge.params import Param, choice, param, settings_of
from analysis.merge.recipe import Recipe
from app.__main__ import commands
from app.errors import ZooError
from app.zoo.zoo_document import zoo_document
from tests.zoo_on_disk import write_zoo

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text("utf-8")
TASKS = ("digits", "letters")
ZOO: dict[str, Any] = {
    "name": "Tiny",
    "base": {"checkpoint": "base.pt"},
    "tasks": [{"name": "digits", "checkpoint": "digits.pt"}],
}


def printed(document):
    result = CliRunner().invoke(commands, ["schema", document])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def schema(document):
    return Draft202012Validator(json.loads(printed(document)))


def block(language, beginning):
    (found,) = [
        text for text in re.findall(rf"```{language}\n(.*?)```", README, re.S) if text.startswith(beginning)
    ]
    return found


@pytest.mark.parametrize("document", ["recipe", "zoo"])
def test_schema_checked_in_is_the_one_that_is_printed(document):
    path = f"docs/{document}.schema.json"

    assert (ROOT / path).read_text("utf-8") == printed(document), (
        f"{path} is out of date; write it again: python -m app schema {document} > {path}"
    )


@pytest.mark.parametrize("document", ["recipe", "zoo"])
def test_schema_is_one_that_other_programs_can_read(document):
    checker = schema(document)

    checker.check_schema(checker.schema)
    assert checker.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("document", ["recipe", "zoo"])
def test_schema_describes_every_key_of_every_table(document):
    whole = schema(document).schema
    tables = [whole, *(table for table in whole["$defs"].values() if table["type"] == "object")]

    for table in tables:
        for key, described in table["properties"].items():
            assert "description" in described or "$ref" in described, key
        assert table["additionalProperties"] is False


def test_schema_of_something_else_is_refused_in_a_sentence():
    result = CliRunner().invoke(commands, ["schema", "runs"])

    assert result.exit_code == 2
    assert "'runs' is not one of 'recipe', 'zoo'" in result.stderr


def test_zoos_that_open_fit_the_schema(tmp_path):
    folder = write_zoo(tmp_path, controls=["letters"], expected={"zeroshot": 0.5, "finetuned": 1})
    texts = [
        block("toml", "name ="),
        (ROOT / "zoos" / "demo" / "zoo.toml").read_text("utf-8"),
        (folder / "zoo.toml").read_text("utf-8"),
    ]

    for text in texts:
        schema("zoo").validate(tomllib.loads(text))
    schema("zoo").validate(ZOO)


@pytest.mark.parametrize(
    "change",
    [
        {"nmae": "Typo"},
        {"name": 3},
        {"base": "base.pt"},
        {"base": {"checkpoint": "base.pt", "file": "x"}},
        {"tasks": []},
        {"tasks": [{"name": "digits"}]},
        {"tasks": [{"checkpoint": "digits.pt"}]},
        {"tasks": [ZOO["tasks"][0] | {"tets": "x"}]},
        {"tasks": [ZOO["tasks"][0] | {"head": "#digits"}]},
        {"tasks": [ZOO["tasks"][0] | {"head": "heads.safetensors#"}]},
        {"tasks": [ZOO["tasks"][0] | {"classes": []}]},
        {"tasks": [ZOO["tasks"][0] | {"classes": [1]}]},
        {"tasks": [ZOO["tasks"][0] | {"expected": {"finetuned": 48}}]},
        {"tasks": [ZOO["tasks"][0] | {"expected": {"zeroshot": -0.1}}]},
        {"controls": [{"name": "cars", "checkpoint": "cars.pt"}]},
        {"encoder": {"logit_scale": 1}},
        {"encoder": {"model": "ViT-B-32", "image_mean": [0.5, 0.5]}},
        {"encoder": {"model": "ViT-B-32", "image_std": [1, 1, 1, 1]}},
    ],
)
def test_zoo_that_is_refused_does_not_fit_the_schema_either(change):
    wrong = ZOO | change

    assert not schema("zoo").is_valid(wrong)
    with pytest.raises(ZooError):
        zoo_document(wrong)


@pytest.mark.parametrize("missing", list(ZOO))
def test_zoo_without_a_part_that_it_needs_does_not_fit(missing):
    rest = {key: value for key, value in ZOO.items() if key != missing}

    assert not schema("zoo").is_valid(rest)
    with pytest.raises(ZooError):
        zoo_document(rest)


@pytest.mark.parametrize("method", registry.merge_methods())
def test_recipe_of_every_method_fits_with_its_defaults_and_at_both_ends(method):
    settings = registry.merge_method_named(method).settings
    ends = {
        name: (one.low, one.high) if isinstance(one, Param) else (one.options[0], one.options[-1])
        for name, one in settings.items()
    }
    low, high = ({name: end[place] for name, end in ends.items()} for place in (0, -1))

    for params in ({}, low, high):
        recipe = {"method": method, "params": params, "scaling": 0.3}
        schema("recipe").validate(recipe)
        schema("recipe").validate(Recipe.from_mapping(recipe, tasks=TASKS).to_mapping())


@pytest.mark.parametrize(
    "recipe",
    [
        yaml.safe_load(block("yaml", "method:")) | {"weights": {"digits": 0.5}},
        {"scaling": 1},
        {"lines": None, "params": None, "weights": None},
        {"lines": {"alpha": "auto"}},
        {"lines": {"alpha": 0.2, "beta": -1}},
        {"curve": {"outside": 0.2, "blocks": [0.2, 1]}, "weights": {"digits": -1}},
        {"scaling": 1, "scope": "blocks", "seed": 2**63 - 1},
    ],
)
def test_recipe_that_is_read_fits_the_schema(recipe):
    schema("recipe").validate(recipe)
    schema("recipe").validate(Recipe.from_mapping(recipe, tasks=TASKS).to_mapping())


@pytest.mark.parametrize(
    "recipe",
    [
        {},
        {"scaling": 1, "lines": {}},
        {"scaling": 1, "scalling": 1},
        {"scaling": None},
        {"scaling": "1"},
        {"curve": None},
        {"curve": {"blocks": []}},
        {"curve": {"outside": 1, "blocks": ["1"]}},
        {"lines": {"alpha": "automatic"}},
        {"lines": {"alpha": None}},
        {"lines": {"slope": 1}},
        {"scaling": 1, "weights": {"digits": "1"}},
        {"scaling": 1, "scope": "block"},
        {"scaling": 1, "seed": -1},
        {"scaling": 1, "seed": 2**63},
        {"scaling": 1, "seed": 0.5},
        {"scaling": 1, "method": "tis"},
        {"scaling": 1, "method": "ties", "params": {"density": 20}},
        {"scaling": 1, "method": "ties", "params": {"densty": 0.2}},
        {"scaling": 1, "method": "ties", "params": {"merge": "median"}},
        {"scaling": 1, "method": "consensus", "params": {"tall_lambda": -0.1}},
        {"scaling": 1, "method": "average", "params": {"density": 0.2}},
        {"scaling": 1, "params": {"density": 0.2}},
    ],
)
def test_recipe_that_is_refused_does_not_fit_the_schema_either(recipe):
    assert not schema("recipe").is_valid(recipe)
    with pytest.raises(AnalysisError):
        Recipe.from_mapping(recipe, tasks=TASKS)


@dataclass(frozen=True, slots=True)
class HalvesParams:
    share: float = param(0.5, low=0.0, high=1.0, step=0.1, meaning="share of the half that is kept")
    which: str = choice("upper", options=("upper", "lower"), meaning="which half is kept")


def settings_in_schema(method):
    (found,) = [
        case["then"]["properties"]["params"]["properties"]
        for case in schema("recipe").schema["allOf"]
        if case["if"]["properties"]["method"]["const"] == method
    ]
    return found


def test_schema_lists_the_settings_of_a_method_with_their_defaults_and_ranges():
    ties = settings_in_schema("ties")

    assert list(ties) == list(settings_of(registry.merge_method_named("ties").params))
    assert ties["density"] == {
        "description": "share of weights kept by trimming, per task",
        "type": "number",
        "minimum": 0.0,
        "maximum": 1.0,
        "default": 0.2,
    }
    assert (ties["merge"]["enum"], ties["merge"]["default"]) == (["mean", "sum", "max"], "mean")


def test_method_that_is_added_appears_in_the_schema_by_itself(monkeypatch):
    monkeypatch.setattr(registry, "_METHODS", dict(registry.merge_methods()))

    registry.merge_method(
        name="halves", title="Halves", source="arXiv:0000.00000", formula=r"\tau", params=HalvesParams
    )(lambda deltas, weights, prepared, params, *, start=0, tally=None: deltas[0])

    assert "halves" in schema("recipe").schema["properties"]["method"]["enum"]
    assert settings_in_schema("halves")["which"]["description"] == "which half is kept"
    assert schema("recipe").is_valid({"method": "halves", "params": {"share": 0.5}, "scaling": 1})
    assert not schema("recipe").is_valid({"method": "halves", "params": {"share": 2}, "scaling": 1})
    assert not schema("recipe").is_valid({"method": "halves", "params": {"which": "both"}, "scaling": 1})
