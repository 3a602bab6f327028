"""Settings of a merging method: declared once, read by sliders, recipes and checks."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.documents import shown
from analysis.errors import ParameterRangeError

_SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Param:
    """A number, and the slider that sets it."""

    low: float
    """The slider's left end, and the smallest value accepted."""
    high: float
    """The slider's right end, and the largest value accepted."""
    step: float
    """The slider's step; values between steps are accepted."""
    meaning: str
    """What it does, in a few plain words."""
    has_limits: bool = True
    """Whether the slider's ends are limits; without, any finite number is accepted."""

    @property
    def limit(self) -> str:
        """Values accepted, as a refusal states them."""
        return (
            f"it must lie in [{self.low:g}, {self.high:g}]"
            if self.has_limits
            else "it must be a finite number"
        )

    @property
    def json_schema(self) -> dict[str, Any]:
        """The values accepted, as a JSON schema."""
        limits = {"minimum": self.low, "maximum": self.high} if self.has_limits else {}
        return {"description": self.meaning, "type": "number", **limits}

    def accepts(self, value: Any) -> bool:
        """Whether the value is a number in range; true and false are not numbers, nan is in no range."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not _is_finite(value):
            return False
        return not self.has_limits or self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    options: tuple[str, ...]
    """The words, in the order a menu shows them."""
    meaning: str
    """What it decides, in a few plain words."""

    @property
    def limit(self) -> str:
        """Values accepted, as a refusal states them."""
        return f"it must be one of {', '.join(map(repr, self.options))}"

    @property
    def json_schema(self) -> dict[str, Any]:
        """The values accepted, as a JSON schema."""
        return {"description": self.meaning, "enum": list(self.options)}

    def accepts(self, value: Any) -> bool:
        """Whether the value is one of the options."""
        return value in self.options


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond float64
        return False


def param(
    default: float, *, low: float, high: float, step: float, meaning: str, has_limits: bool = True
) -> Any:
    """A numeric field of a params dataclass, drawn as a slider; see `Param`."""
    setting = Param(low, high, step, meaning, has_limits)
    return dataclasses.field(default=default, metadata={_SETTING: setting})


def choice(default: str, *, options: tuple[str, ...], meaning: str) -> Any:
    """A worded field of a params dataclass, drawn as a menu."""
    return dataclasses.field(default=default, metadata={_SETTING: Choice(options, meaning)})


@dataclass(frozen=True, slots=True)
class NoParams:
    """The settings of a method that has none."""


def settings_of(params: type) -> dict[str, Param | Choice]:
    """Every setting of a params dataclass by name, in the order declared."""
    return {field.name: field.metadata[_SETTING] for field in dataclasses.fields(params)}


def json_schema_of(params: type) -> dict[str, Any]:
    """JSON schema of a table that sets some of a params dataclass; an empty one is null in YAML."""
    return {
        "type": ["object", "null"],
        "properties": {
            field.name: {**field.metadata[_SETTING].json_schema, "default": field.default}
            for field in dataclasses.fields(params)
        },
        "additionalProperties": False,
    }


def parse(params: type, given: Mapping[str, Any], *, title: str) -> Any:
    """The params dataclass with defaults where nothing was given; numbers arrive as float.

    Args:
        params: A dataclass whose fields were made by `param` and `choice`.
        given: Values by name, as a recipe or the sliders hold them.
        title: The method's title, which every refusal names.

    Raises:
        ParameterRangeError: A name the method does not have, or a value outside its range.
    """
    settings = settings_of(params)
    for name, value in given.items():
        if name not in settings:
            known = f"it takes {', '.join(settings)}" if settings else "it takes none"
            raise ParameterRangeError(f"{title} has no parameter '{name}'; {known}.")
        if not settings[name].accepts(value):
            given_value = f"{value:g}" if isinstance(value, float) else shown(value)
            raise ParameterRangeError(f"{title}: {name} is {given_value}; {settings[name].limit}.")
    return params(**{name: float(v) if isinstance(v, int) else v for name, v in given.items()})
