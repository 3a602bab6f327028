"""YAML as people mean it: names stay names, and numbers may be written in any usual way.

PyYAML reads YAML 1.1, in which `NO` is false, `2021-05-01` a date, `0123` is 83 and `1e-3` is text. Here
the core schema of YAML 1.2 decides, keys are always text, no key may stand twice in one table, and tables
are not merged into one another, which a few lines could repeat until the memory is full.
"""

import re
from collections.abc import Hashable
from typing import Any

import yaml

from analysis.errors import AnalysisError
from app.words.plain_text import sentence_of

MAX_DEPTH = 20
"""Levels of tables and lists; a recipe has three."""

_JOINED = re.compile(r"([^:]+):(\S+)")
_TAG = "tag:yaml.org,2002:"
_NUMBER_STARTS = list("-+.0123456789")
_CORE: tuple[tuple[str, str, list[str]], ...] = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", _NUMBER_STARTS),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        _NUMBER_STARTS,
    ),
)
"""Tags of YAML 1.2's core schema, how their values look, and how these begin."""


def read_yaml(text: str, *, what: str = "The recipe") -> Any:
    """Tables, lists, text, numbers, true, false and null.

    Args:
        text: The document.
        what: It is called in messages.

    Raises:
        AnalysisError: The text is not YAML, is nested too deeply, or gives a key twice.
    """
    try:
        reader = _Reader(text, what)
        try:
            return reader.get_single_data()
        finally:
            reader.dispose()
    except AnalysisError:
        raise
    # ValueError: a whole number of thousands of digits, or a tag that does not fit.
    except (yaml.YAMLError, ValueError) as error:
        raise AnalysisError(f"{what} is not valid YAML: {sentence_of(error)}.") from error


class _Reader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}  # noqa: RUF012 - filled below, as PyYAML does
    yaml_constructors = {  # noqa: RUF012
        tag: yaml.SafeLoader.yaml_constructors[tag]
        for tag in (None, f"{_TAG}null", f"{_TAG}str", f"{_TAG}seq", f"{_TAG}map")
    }

    def __init__(self, text: str, what: str) -> None:
        super().__init__(text)
        self._what = what
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self._depth > MAX_DEPTH:
            raise AnalysisError(f"{self._what} is nested too deeply; at most {MAX_DEPTH} levels are read.")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave the key `<<` a key."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        table: dict[Hashable, Any] = {}
        lines: dict[Hashable, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise AnalysisError(
                    f"{self._what} has a key that is no text in line {key_node.start_mark.line + 1}."
                )
            key, line = key_node.value, key_node.start_mark.line + 1
            if key in table:
                raise AnalysisError(
                    f"{self._what} gives '{key}' twice, in line {lines[key]} and in line {line}; "
                    "keep one of them."
                )
            # A quoted empty text has another tag than a value that is not there.
            has_value = value_node.tag != f"{_TAG}null" or value_node.value != ""
            if not has_value and key_node.style is None and (joined := _JOINED.fullmatch(key)):
                raise AnalysisError(
                    f"{self._what} has '{key}' without a value in line {line}; YAML wants a blank behind the "
                    f"colon: {joined[1]}: {joined[2]}."
                )
            table[key], lines[key] = self.construct_object(value_node, deep=deep), line
        return table


def _truth(reader: _Reader, node: yaml.ScalarNode) -> bool:
    text = str(reader.construct_scalar(node)).lower()
    if text not in ("true", "false"):
        raise ValueError(f"'{text}' is neither true nor false")
    return text == "true"


def _whole_number(reader: _Reader, node: yaml.ScalarNode) -> int:
    text = str(reader.construct_scalar(node))
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


def _number(reader: _Reader, node: yaml.ScalarNode) -> float:
    text = str(reader.construct_scalar(node)).lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


for _tag, _pattern, _starts in _CORE:
    _Reader.add_implicit_resolver(f"{_TAG}{_tag}", re.compile(f"^(?:{_pattern})$"), _starts)
for _tag, _construct in {"bool": _truth, "int": _whole_number, "float": _number}.items():
    _Reader.add_constructor(f"{_TAG}{_tag}", _construct)
