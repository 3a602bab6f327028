"""Documents that people write, such as a recipe: checked against a model, refused in one sentence."""

import math
import reprlib
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
)
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

Location = tuple[int | str, ...]
"""Keys and positions that lead from the whole document to a value; () for the document itself."""

_Places = dict[int, dict[Any, int]]
"""Place of each key of a table, by the table's id."""

_RANGE = {"finite_number", "greater_than", "greater_than_equal", "less_than", "less_than_equal"}
_OUT_OF_RANGE = "out_of_range"
_UNEXPECTED = "unexpected"
_MUST_BE = {
    "dict_type": "a table of names and values",
    "finite_number": "finite",
    "float_type": "a number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a table of names and values",
    "string_type": "a string",
}
"""What a refusal asks for, by pydantic's type of error; any other error keeps pydantic's words."""


class Document(BaseModel):
    """A table with exactly the keys its fields name; nothing is converted from one kind to another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class Expected:
    """Words for what a field takes, put behind its type: a refusal of the whole value uses them."""

    what: str
    """Follows "it must be"."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the field's own check."""
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def _check(self, value: Any, inner: Callable[[Any], Any]) -> Any:
        try:
            return inner(value)
        except ValidationError as error:
            (first, *_) = error.errors(include_url=False)
            if first["loc"]:
                raise  # part of the value is wrong, and its own refusal is more precise
            kind = _OUT_OF_RANGE if first["type"] in _RANGE else _UNEXPECTED
            raise PydanticCustomError(kind, self.what) from error


def _within_float(value: Any) -> Any:
    # YAML, TOML and JSON hold whole numbers of any length.
    is_huge = isinstance(value, int) and not isinstance(value, bool) and abs(value) > sys.float_info.max
    return (math.inf if value > 0 else -math.inf) if is_huge else value


def _one_zero(value: float) -> float:
    return float(value) + 0.0  # −0.0 becomes 0.0: equal documents are equal in every digit


Number = Annotated[
    float, Field(allow_inf_nan=False), BeforeValidator(_within_float), AfterValidator(_one_zero)
]
"""A finite number; true and false are none."""

Model = TypeVar("Model", bound=BaseModel)


def checked(
    model: type[Model],
    data: Any,
    *,
    name_of: Callable[[Location], str],
    refusal: type[Exception],
    out_of_range: type[Exception],
) -> Model:
    """The document, if it fits the model.

    Args:
        model: What the document may hold.
        data: As read from YAML, TOML or JSON.
        name_of: What a refusal calls the value at a location.
        refusal: Raised for whatever does not fit, first in the document's order.
        out_of_range: Raised for a number outside its range.

    Raises:
        Exception: `refusal` or `out_of_range`, with one sentence: what is wrong with which value, and what
            is accepted; or the error that a check of the model itself raised.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrongs = error.errors(include_url=False)
    except UnicodeEncodeError as error:  # YAML and JSON can write "\ud800", which stands for no character
        half = error.object[error.start]
        raise refusal(f"{name_of(())} holds {half!a}, which is half of a character.") from None
    # Raised out here, without pydantic's error behind it: a few YAML aliases of aliases spell out to
    # gigabytes, and a printed traceback would spell them out.
    places: _Places = {}
    wrong = min(wrongs, key=lambda one: _position(data, one["loc"], places))
    if wrong["type"] == "value_error":
        raise wrong["ctx"]["error"]
    is_range = wrong["type"] in {*_RANGE, _OUT_OF_RANGE}
    raise (out_of_range if is_range else refusal)(_sentence(model, wrong, name_of))


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a document, for editors and other programs."""
    return {"$schema": _Schema.schema_dialect, **model.model_json_schema(schema_generator=_Schema)}


def shown(value: Any) -> str:
    """A value as refusals show it, at most 80 characters long."""
    return textwrap.shorten(reprlib.repr(value), 80, placeholder="…")


def _position(data: Any, location: Location, places: _Places) -> tuple[int, ...]:
    """Where in the document a location lies; what is missing from a table comes after all it holds.

    Args:
        data: The document.
        location: Of a value in it.
        places: Filled with the places of keys in the tables on the way, for the next location.
    """
    position = []
    for step in location:
        if isinstance(data, list | tuple) and isinstance(step, int):
            position.append(step)
            data = data[step]
        elif isinstance(data, Mapping):
            if id(data) not in places:
                places[id(data)] = {key: place for place, key in enumerate(data)}
            position.append(places[id(data)].get(step, len(data)))
            data = data.get(step)
    return tuple(position)


def _sentence(model: type[BaseModel], wrong: ErrorDetails, name_of: Callable[[Location], str]) -> str:
    kind, location, value = wrong["type"], wrong["loc"], wrong["input"]
    if kind == "missing":
        return f"{name_of(())} gives no {name_of(location)}; it is required."
    if kind in {"extra_forbidden", "invalid_key"}:
        *table, key = location
        known = ", ".join(_model_at(model, tuple(table)).model_fields)
        return f"{name_of(tuple(table))} has the unknown key {shown(key)}; known are {known}."
    if location[-1:] == ("[key]",):
        return f"{name_of(location[:-2])} has the key {shown(value)}; a key must be a string, in quotes."
    must_be = _MUST_BE.get(kind, wrong["msg"].removeprefix("Input should be "))
    return f"{name_of(location)} is {shown(value)}; it must be {must_be}."


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel]:
    for step in location:
        if isinstance(step, str):
            (model,) = _models_in(model.model_fields[step].annotation)
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


class _Schema(GenerateJsonSchema):
    """Schemas without titles that repeat names, and without null for what may be left out."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is not None:
            return super().default_schema(schema)
        inner = schema["schema"]
        return self.generate_inner(inner["schema"] if inner["type"] == "nullable" else inner)
