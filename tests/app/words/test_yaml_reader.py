import math
import re
from time import perf_counter

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from app.words.yaml_reader import MAX_DEPTH, read_yaml

# PyYAML writes YAML 1.1, in which 0E0 is text and needs no quotes.
names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12
).filter(lambda text: not re.fullmatch(r"[-+.]*[0-9][0-9.]*[eE][-+]?[0-9]+", text))
numbers = st.floats(allow_nan=False) | st.integers(-(10**18), 10**18)
documents = st.recursive(
    names | numbers | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@given(documents)
@example({"0:0": ""})
@example({"0:0": None})
def test_what_pyyaml_writes_is_read_back(document):
    assert read_yaml(yaml.safe_dump(document, allow_unicode=True)) == document


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *[("1e-3", 0.001), ("1.0e3", 1000.0), ("1.e3", 1000.0), ("1E+3", 1000.0)],
        *[("-.5", -0.5), ("1.", 1.0), (".inf", math.inf), ("-.Inf", -math.inf)],
        *[("0123", 123), ("+7", 7), ("-0", 0), ("0x1F", 31), ("0o17", 15)],
        *[("true", True), ("FALSE", False), ("~", None), ("", None)],
        *[(text, text) for text in ("NO", "yes", "on", "2021-05-01", "1:30", "1_000", "1,5", "0b1", "e3")],
        *[('"1"', "1"), ("'true'", "true"), ("!!str 3", "3"), ("!!float 3", 3.0)],
    ],
)
def test_values_are_what_a_person_means(written, value):
    found = read_yaml(f"key: {written}")["key"]

    assert (found, type(found)) == (value, type(value))


def test_not_a_number_is_read_as_such():
    assert math.isnan(read_yaml("[.NaN]")[0])


@pytest.mark.parametrize("key", ["1", "NO", "null", "true", "1e5", "2021-05-01", "0123", "~", "<<", ".nan"])
def test_keys_are_text(key):
    assert read_yaml(f"{key}: 1") == {key: 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scaling: 1\nscope: all\nscaling: 2", "gives 'scaling' twice, in line 1 and in line 3; keep one"),
        ("weights: {A: 1, 'A': 2}", "gives 'A' twice, in line 1 and in line 1"),
        ("1: a\n'1': b", "gives '1' twice"),
        ("weights: {A:1, B: 2}", "has 'A:1' without a value in line 1; YAML wants a blank .*: A: 1"),
        ("? [a]\n: 1", "has a key that is no text in line 1"),
        ("? {a: b}\n: 1", "has a key that is no text in line 1"),
        ("a: !!bool x", "not valid YAML: 'x' is neither true nor false"),
        ("a: !!int x", "not valid YAML: invalid literal"),
        ("a: !!float {b: 1}", "not valid YAML: expected a scalar node"),
        ("a: !!timestamp x", "not valid YAML: could not determine a constructor"),
        ("a: !!set {x, y}", "not valid YAML: could not determine a constructor"),
        ("a: !!python/name:os.system", "not valid YAML: could not determine a constructor"),
        ("a: *b", "not valid YAML: found undefined alias"),
        ("--- a\n--- b", "not valid YAML: expected a single document"),
        ("a: " + "1" * 5000, "not valid YAML: Exceeds the limit"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, message):
    with pytest.raises(AnalysisError, match=message):
        read_yaml(text)


def test_depth_has_a_limit():
    assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    for opening in ("[", "{a: ", "- "):
        with pytest.raises(AnalysisError, match="nested too deeply; at most 20 levels"):
            read_yaml(opening * 60_000)


@pytest.mark.parametrize("use", ["[{}]", "{{<<: [{}]}}"])
def test_aliases_of_aliases_cost_nothing(use):
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{i}: &a{i} " + use.format(", ".join([f"*a{i - 1}"] * 9)) for i in range(1, 16)]
    begin = perf_counter()

    read_yaml("\n".join(lines))

    assert perf_counter() - begin < 2
