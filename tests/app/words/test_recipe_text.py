import base64
import json
import re
import string
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.merge.recipe import Recipe
from app.words.recipe_text import (
    MAX_TEXT,
    read_recipe_file,
    recipe_from_link,
    recipe_from_yaml,
    recipe_to_link,
    recipe_to_yaml,
)
from cache.errors import FileError, MissingFileError

TASKS = ("digits", "Straße 7", "12", "no")
RECIPE = Recipe.from_mapping(
    {"method": "ties", "params": {"density": 0.3}, "weights": {"no": -1.5}, "lines": {"beta": 0.6}},
    tasks=TASKS,
)
LINK = recipe_to_link(RECIPE)

numbers = st.floats(allow_nan=False, allow_infinity=False)
recipes = st.builds(
    lambda scale, weights, seed: Recipe.from_mapping(
        {**scale, "weights": dict(zip(TASKS, weights, strict=True)), "seed": seed}, tasks=TASKS
    ),
    st.one_of(
        st.builds(lambda scaling: {"scaling": scaling}, numbers),
        st.builds(
            lambda alpha, beta: {"lines": {"alpha": alpha, "beta": beta}}, numbers | st.just("auto"), numbers
        ),
        st.builds(
            lambda outside, blocks: {"curve": {"outside": outside, "blocks": blocks}},
            numbers,
            st.lists(numbers, max_size=12),
        ),
    ),
    st.lists(numbers, min_size=len(TASKS), max_size=len(TASKS)),
    st.integers(0, 2**63 - 1),
)


def link_of(data: Any) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip("=")


@given(recipes)
def test_yaml_gives_the_recipe_back(recipe: Recipe) -> None:
    assert recipe_from_yaml(recipe_to_yaml(recipe), tasks=TASKS) == recipe


@given(recipes)
def test_link_gives_the_recipe_back(recipe: Recipe) -> None:
    assert recipe_from_link(recipe_to_link(recipe), tasks=TASKS) == recipe


def test_yaml_is_what_a_person_would_write() -> None:
    assert recipe_to_yaml(RECIPE) == (
        "method: ties\n"
        "params:\n"
        "  density: 0.3\n"
        "  merge: mean\n"
        "  profile: authors\n"
        "weights:\n"
        "  digits: 1.0\n"
        "  Straße 7: 1.0\n"
        "  '12': 1.0\n"
        "  'no': -1.5\n"
        "lines:\n"
        "  alpha: auto\n"
        "  beta: 0.6\n"
        "scope: changed\n"
        "seed: 0\n"
    )


def test_recipe_of_the_readers_hand_is_read() -> None:
    text = "method: ties  # a comment\nparams: {density: 0.3}\nweights: {'no': -1.5}\nlines: {beta: 0.6}\n"

    assert recipe_from_yaml(text, tasks=TASKS) == RECIPE


def test_link_needs_no_escaping_in_an_address() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", LINK)


def test_link_of_a_curve_over_40_blocks_fits_an_address() -> None:
    curve = {"outside": 0.123, "blocks": [round(0.0137 * layer, 4) for layer in range(40)]}
    recipe = Recipe.from_mapping({"curve": curve}, tasks=TASKS)

    assert len(recipe_to_link(recipe)) < 1000


@pytest.mark.parametrize("length", range(len(LINK)))
def test_link_cut_short_is_refused(length: int) -> None:
    with pytest.raises(AnalysisError, match=r"damaged|gives no scale"):
        recipe_from_link(LINK[:length], tasks=TASKS)


@given(st.integers(0, len(LINK) - 1), st.sampled_from(string.ascii_letters + string.digits + "-_ é%+/="))
def test_link_with_one_wrong_letter_is_refused_or_harmless(place: int, letter: str) -> None:
    word = LINK[:place] + letter + LINK[place + 1 :]

    try:
        read = recipe_from_link(word, tasks=TASKS)
    except AnalysisError:
        return
    assert read == RECIPE


def test_link_with_letters_of_no_link_in_between_is_refused() -> None:
    with pytest.raises(AnalysisError, match="damaged"):
        recipe_from_link(f"{LINK[:9]}%%%%{LINK[9:]}", tasks=TASKS)


@given(st.text())
def test_any_other_word_is_refused_in_one_sentence(word: str) -> None:
    with pytest.raises(AnalysisError):
        recipe_from_link(word, tasks=TASKS)


def test_link_to_a_task_the_zoo_lacks_is_refused() -> None:
    with pytest.raises(AnalysisError, match=r"weighs task 'digits', which the zoo does not have"):
        recipe_from_link(LINK, tasks=("letters",))


@pytest.mark.parametrize("data", [None, [], 1, "ties", {"scaling": float("nan")}])
def test_link_that_holds_no_recipe_is_refused(data: Any) -> None:
    with pytest.raises(AnalysisError):
        recipe_from_link(link_of(data), tasks=TASKS)


def test_link_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = link_of({"scaling": 1, "method": "x" * 10_000_000})

    assert len(bomb) < MAX_TEXT
    with pytest.raises(AnalysisError, match="damaged"):
        recipe_from_link(bomb, tasks=TASKS)


def test_link_nested_without_end_is_refused() -> None:
    word = base64.urlsafe_b64encode(zlib.compress(b"[" * 60_000)).decode()

    with pytest.raises(AnalysisError, match="damaged"):
        recipe_from_link(word, tasks=TASKS)


@pytest.mark.parametrize("read", [recipe_from_link, recipe_from_yaml])
def test_text_longer_than_the_limit_is_not_read(read: Any) -> None:
    with pytest.raises(AnalysisError, match=r"65537 characters long; at most 65536 are read"):
        read("a" * (MAX_TEXT + 1), tasks=TASKS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scaling: [1", r"not valid YAML: .*line 1"),
        ("scaling: 1\n\tscope: all", r"not valid YAML"),
        ("!!python/object/apply:os.getcwd []", r"not valid YAML: could not determine a constructor"),
        ("scaling: 1\nmethod: \x00", r"not valid YAML"),
        ("scaling: 2024-13-45", r"scaling is '2024-13-45'; it must be a number"),
        ("scaling: " + "1" * 5000, r"not valid YAML: Exceeds the limit"),
        ("[" * 60_000, r"nested too deeply"),
        ("scaling: " + "9" * 400, r"scaling is inf; it must be finite"),
        ("scaling: .nan", r"scaling is nan; it must be finite"),
        ("a: &a [*a]\nscaling: 1", r"unknown key 'a'"),
        ("", r"gives no scale"),
        ("just words", r"The recipe is 'just words'; it must be a table"),
        ("scaling: 0.4\nscoop: all", r"unknown key 'scoop'"),
        ("scaling: 1\nweights: {cars: 1}", r"weighs task 'cars'"),
    ],
)
def test_yaml_that_is_no_recipe_is_refused(text: str, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        recipe_from_yaml(text, tasks=TASKS)


@pytest.mark.parametrize(
    "task", ["1", "NO", "yes", "2021-05-01", "0123", "1e3", "null", "~", "1:30", ".5", "<<", "="]
)
def test_task_is_named_as_it_is_called_without_quotes(task: str) -> None:
    recipe = recipe_from_yaml(f"scaling: 1\nweights: {{{task}: 1e-3}}", tasks=("other", task))

    assert recipe.weights == {"other": 1.0, task: 0.001}


@pytest.mark.parametrize("pair", [("Caf\u00e9", "Cafe\u0301"), ("\uc11c", "\u1109\u1165")])
def test_accents_may_be_stored_either_way(pair: tuple[str, str]) -> None:
    for mine, theirs in (pair, pair[::-1]):
        assert recipe_from_yaml(f"{{scaling: 1, weights: {{{mine}: 2}}}}", tasks=(theirs, "b")).weights == {
            theirs: 2.0,
            "b": 1.0,
        }
        with pytest.raises(AnalysisError, match=f"weighs task '{theirs}' twice"):
            recipe_from_yaml(f"{{scaling: 1, weights: {{{mine}: 2, {theirs}: 3}}}}", tasks=(theirs,))


def test_recipe_of_mergekit_is_refused_by_its_keys() -> None:
    text = "merge_method: ties\nbase_model: b\nmodels: [{model: a, parameters: {density: 0.5}}]\n"

    with pytest.raises(AnalysisError, match=r"has base_model, merge_method, models, as mergekit's"):
        recipe_from_yaml(text, tasks=TASKS)


def test_refusal_of_broken_yaml_is_one_line() -> None:
    with pytest.raises(AnalysisError) as refusal:
        recipe_from_yaml("scaling: [1\nscope: }", tasks=TASKS)

    assert "\n" not in str(refusal.value)


def test_aliases_of_aliases_do_not_fill_the_memory() -> None:
    levels = "".join(f"- &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    text = f"scaling:\n- &a0 [x]\n{levels}"

    with pytest.raises(AnalysisError) as refusal:
        recipe_from_yaml(text, tasks=TASKS)

    assert len(str(refusal.value)) < 150


def test_recipe_comes_back_from_its_file(tmp_path):
    (tmp_path / "recipe.yaml").write_text(recipe_to_yaml(RECIPE), encoding="utf-8")

    assert read_recipe_file(tmp_path / "recipe.yaml", tasks=TASKS) == RECIPE


def test_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"\xff\xfe")

    with pytest.raises(FileError, match=r"model.safetensors' is not text in UTF-8"):
        read_recipe_file(tmp_path / "model.safetensors", tasks=TASKS)
    with pytest.raises(MissingFileError, match=r"none.yaml' cannot be read: No such file or directory"):
        read_recipe_file(tmp_path / "none.yaml", tasks=TASKS)
