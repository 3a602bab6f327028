"""Recipes as people write them: which keys a recipe has, and which values each takes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    Strict,
    TypeAdapter,
    WrapValidator,
    model_validator,
)
from pydantic_core import CoreSchema

from analysis.documents import Document, Expected, Number
from analysis.errors import AnalysisError
from analysis.merge.params import json_schema_of
from analysis.merge.registry import merge_method_named, merge_methods
from analysis.merge.scaling import Constant, Curve, Lines, Scale
from analysis.model.scope import Scope

_SCALES = ("scaling", "lines", "curve")
_DEFAULT_METHOD = "task_arithmetic"
_LEFT_OUT: Any = None
"""Default of a key that has none: never read, and a null that is written is refused."""
_NUMBER: TypeAdapter[float] = TypeAdapter(Annotated[Number, Strict()])


def _auto_or_number(value: Any, _: Any) -> Any:
    # Not a plain union, which refuses a value in two sentences.
    return value if value == "auto" else _NUMBER.validate_python(value)


def _registered(name: str) -> str:
    return merge_method_named(name).name


def _left_empty(value: Any) -> Any:
    if value is None:  # a key in YAML with nothing behind it
        return {}
    return dict(value) if isinstance(value, Mapping) else value


def _as_list(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


class LinesTable(Document):
    """LiNeS: factor α + β · l / (L − 1) in block l, α outside the blocks."""

    alpha: Annotated[Literal["auto"] | Number, WrapValidator(_auto_or_number)] = "auto"
    """α, the factor of the first block and of everything outside; "auto" takes the paper's rule."""
    beta: Number = Lines().beta
    """What the last block gets on top of α."""


class CurveTable(Document):
    """Any factor for each layer."""

    outside: Number
    """Factor of the parameters outside the residual blocks."""
    blocks: Annotated[list[Number], BeforeValidator(_as_list), Expected("a list of numbers")]
    """One factor per residual block, from the input."""


class RecipeDocument(Document):
    """A merge: a method, a weight per task, and one of scaling, lines and curve.

    A method without a scale has the λ it is usually applied at.
    """

    model_config = ConfigDict(title="Recipe")

    method: Annotated[str, Expected("the name of a merging method"), AfterValidator(_registered)] = (
        _DEFAULT_METHOD
    )
    """A merging method."""
    params: Annotated[
        dict[str, Any], BeforeValidator(_left_empty, json_schema_input_type=dict[str, Any] | None)
    ] = Field(default_factory=dict)
    """The method's own settings; each has a default."""
    weights: Annotated[
        dict[str, Number], BeforeValidator(_left_empty, json_schema_input_type=dict[str, Number] | None)
    ] = Field(default_factory=dict)
    """Weight of each task, 1 unless given; 0 leaves the task out, a negative one subtracts its update."""
    scaling: Number = _LEFT_OUT
    """λ, one factor for the whole multi-task vector; the method's usual one where a method has no scale."""
    lines: Annotated[LinesTable, BeforeValidator(_left_empty, json_schema_input_type=LinesTable | None)] = (
        _LEFT_OUT
    )
    """LiNeS, a factor that grows with depth."""
    curve: CurveTable = _LEFT_OUT
    """A factor for each layer."""
    scope: Annotated[Scope, Strict(False)] = Scope.CHANGED
    """Which parameters are merged; the others keep their pre-trained values."""
    seed: Annotated[
        int,
        Field(ge=0, lt=2**63),
        Expected("a whole number in [0, 2⁶³), the range of the random generators"),
    ] = 0
    """Read by stochastic methods only."""

    @model_validator(mode="after")
    def _has_one_scale(self) -> "RecipeDocument":
        given = [key for key in _SCALES if key in self.model_fields_set]
        # A method states what it is usually scaled by; a recipe of neither is empty, or was cut off.
        if len(given) > 1 or (not given and "method" not in self.model_fields_set):
            raise AnalysisError(
                f"The recipe gives {' and '.join(given) or 'no scale'}; "
                "exactly one of scaling, lines and curve must be given."
            )
        return self

    @property
    def scale(self) -> Scale | None:
        """The one scale that is given; None where it is left to the method."""
        if "lines" in self.model_fields_set:
            alpha = self.lines.alpha
            return Lines(None if alpha == "auto" else alpha, self.lines.beta)
        if "curve" in self.model_fields_set:
            return Curve(self.curve.outside, tuple(self.curve.blocks))
        return Constant(self.scaling) if "scaling" in self.model_fields_set else None

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        """Add what fields alone cannot state: one scale, and the settings of every registered method."""
        described = handler.resolve_ref_schema(handler(schema))
        methods = merge_methods()
        described["properties"]["method"]["enum"] = list(methods)
        given = [{"required": [key]} for key in _SCALES]
        described["oneOf"] = [*given, {"required": ["method"], "not": {"anyOf": given}}]
        described["allOf"] = [
            {
                "if": {
                    "properties": {"method": {"const": name}},
                    "required": [] if name == _DEFAULT_METHOD else ["method"],
                },
                "then": {
                    "properties": {
                        "params": json_schema_of(method.params),
                        "scaling": {"default": method.usual_scaling(method.params())},
                    }
                },
            }
            for name, method in methods.items()
        ]
        return described
