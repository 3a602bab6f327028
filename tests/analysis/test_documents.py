from datetime import date
from time import perf_counter
from typing import Annotated, Any

import pytest
from pydantic import Field, model_validator

from analysis.documents import Document, Expected, Location, Number, checked, json_schema, shown


class Shelf(Document):
    """A shelf."""

    width: Number = 1.0
    """In metres."""
    books: Annotated[list[str], Field(min_length=1), Expected("a list of titles")] | None = None


class Room(Document):
    """A room."""

    name: str
    floor: Annotated[int, Field(ge=0, le=9), Expected("a floor from 0 to 9")] = 0
    shelves: list[Shelf] = Field(default=[])
    prices: dict[str, Number] = Field(default={})
    built: date | None = None

    @model_validator(mode="after")
    def _has_room(self) -> "Room":
        if len(self.shelves) > 2:
            raise TooManyShelvesError("Two shelves fit.")
        return self


class TooManyShelvesError(ValueError):
    pass


class RoomError(Exception):
    pass


class RoomRangeError(RoomError):
    pass


def name_of(location: Location) -> str:
    return " / ".join(map(str, location)) or "The room"


def read(data: Any) -> Room:
    return checked(Room, data, name_of=name_of, refusal=RoomError, out_of_range=RoomRangeError)


def refusal(data: Any) -> str:
    with pytest.raises(RoomError) as refused:
        read(data)
    return str(refused.value)


def test_many_faults_cost_no_more_than_each_of_them() -> None:
    begin = perf_counter()

    said = refusal({f"key {number}": 1 for number in range(30_000)})

    assert said.startswith("The room has the unknown key 'key 0'")
    assert perf_counter() - begin < 5


def test_document_that_fits_is_read_with_its_defaults() -> None:
    room = read({"name": "hall", "shelves": [{"width": 2}]})

    assert room == Room(name="hall", floor=0, shelves=[Shelf(width=2.0)])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "The room gives no name; it is required."),
        ({"name": 3}, "name is 3; it must be a string."),
        (
            {"name": "a", "size": 1},
            "The room has the unknown key 'size'; known are name, floor, shelves, prices, built.",
        ),
        (
            {"name": "a", 7: 1},
            "The room has the unknown key 7; known are name, floor, shelves, prices, built.",
        ),
        ({"name": "a", "shelves": 1}, "shelves is 1; it must be a list."),
        ({"name": "a", "shelves": [[]]}, "shelves / 0 is []; it must be a table of names and values."),
        (
            {"name": "a", "shelves": [{}, {"depth": 1}]},
            "shelves / 1 has the unknown key 'depth'; known are width, books.",
        ),
        (
            {"name": "a", "shelves": [{"books": []}]},
            "shelves / 0 / books is []; it must be a list of titles.",
        ),
        ({"name": "a", "shelves": [{"books": [1]}]}, "shelves / 0 / books / 0 is 1; it must be a string."),
        ({"name": "a", "prices": {1: 2}}, "prices has the key 1; a key must be a string, in quotes."),
        ({"name": "a", "prices": {"oak": "2"}}, "prices / oak is '2'; it must be a number."),
        ({"name": "a", "prices": {"oak": True}}, "prices / oak is True; it must be a number."),
        ({"name": "a", "floor": "1"}, "floor is '1'; it must be a floor from 0 to 9."),
        ("a", "The room is 'a'; it must be a table of names and values."),
    ],
)
def test_refusal_names_the_value_and_what_it_must_be(data: Any, sentence: str) -> None:
    assert refusal(data) == sentence


def test_error_that_has_no_words_of_ours_keeps_those_of_pydantic() -> None:
    assert refusal({"name": "a", "built": 3}) == "built is 3; it must be a valid date."


@pytest.mark.parametrize(
    ("data", "first"),
    [
        ({"floor": "x", "size": 1}, "floor is"),
        ({"size": 1, "floor": "x"}, "The room has the unknown key 'size'"),
        ({"shelves": [{}, {"books": [1, "a", 2]}], "floor": "x"}, "shelves / 1 / books / 0"),
        ({"prices": {"oak": 1, "elm": "2", "ash": "3"}}, "prices / elm"),
    ],
)
def test_first_in_the_order_of_the_document_is_refused_and_what_is_missing_last(
    data: dict[str, Any], first: str
) -> None:
    assert refusal(data).startswith(first)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"floor": 10}, "floor is 10; it must be a floor from 0 to 9."),
        ({"prices": {"oak": float("nan")}}, "prices / oak is nan; it must be finite."),
        ({"prices": {"oak": 10**400}}, "prices / oak is inf; it must be finite."),
        ({"prices": {"oak": -(10**400)}}, "prices / oak is -inf; it must be finite."),
    ],
)
def test_number_outside_its_range_is_an_error_of_its_own(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RoomRangeError) as refused:
        read({"name": "a", **data})

    assert str(refused.value) == sentence


def test_value_of_another_kind_is_no_error_of_range() -> None:
    with pytest.raises(RoomError) as refused:
        read({"name": "a", "floor": "x"})

    assert type(refused.value) is RoomError


def test_error_of_the_models_own_check_is_passed_on() -> None:
    with pytest.raises(TooManyShelvesError, match="Two shelves fit"):
        read({"name": "a", "shelves": [{}, {}, {}]})


def test_refusal_carries_no_error_of_pydantic_that_would_spell_the_document_out() -> None:
    with pytest.raises(RoomError) as refused:
        read({"name": 3})

    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_negative_zero_is_zero() -> None:
    assert str(read({"name": "a", "prices": {"oak": -0.0}}).prices["oak"]) == "0.0"


def test_value_is_shown_in_80_characters() -> None:
    assert shown("a") == "'a'"
    assert len(shown([["x" * 1000] * 1000] * 1000)) <= 80


def test_schema_states_what_the_model_does_and_leaves_null_out() -> None:
    schema = json_schema(Room)

    assert schema["$schema"].startswith("https://json-schema.org/")
    assert (schema["required"], schema["additionalProperties"]) == (["name"], False)
    assert schema["properties"]["floor"] == {"default": 0, "maximum": 9, "minimum": 0, "type": "integer"}
    assert schema["properties"]["built"] == {"format": "date", "type": "string"}
    shelf = schema["$defs"]["Shelf"]["properties"]
    assert shelf["width"] == {"default": 1.0, "description": "In metres.", "type": "number"}
    assert shelf["books"] == {"items": {"type": "string"}, "minItems": 1, "type": "array"}
