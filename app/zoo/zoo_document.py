"""`zoo.toml` as people write it: which tables and keys it has, and which values each takes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from unicodedata import normalize

from pydantic import ConfigDict, Field, StrictBool, model_validator

from analysis.documents import Document, Expected, Location, Number, checked
from app.errors import ZooError
from app.words.short_names import ROOM
from app.zoo.normalisation import require_deviation, require_logit_scale, require_mean

Colour = Annotated[
    list[Number], Field(min_length=3, max_length=3), Expected("three numbers, one per colour channel")
]
Head = Annotated[
    str,
    Field(pattern=r"^[^#]*[^#\s][^#]*$|^[\s\S]+#[^#]+$"),
    Expected("written as file#key, such as heads.safetensors#digits, or as file if it holds one head"),
]
Share = Annotated[float, Field(ge=0, le=1), Expected("an accuracy in [0, 1]")]
Text = Annotated[str, Field(pattern=r"\S"), Expected("a string that is not empty")]
Short = Annotated[
    str, Field(pattern=r"\S", max_length=ROOM), Expected(f"a string of 1 to {ROOM} characters, not all blank")
]
Strings = Annotated[list[Text], Field(min_length=1), Expected("a list of one or more strings")]


class EncoderTable(Document):
    """The image encoder: what open_clip builds and how images are normalised."""

    model: Text
    """An open_clip model name, or the path of a config that ends in .json: open_clip's, or that of a Hugging
    Face CLIP model."""
    image_mean: Colour | None = None
    """Mean of each colour channel; open_clip's own unless given."""
    image_std: Colour | None = None
    """Standard deviation of each colour channel; open_clip's own unless given."""
    logit_scale: Number | None = None
    """Factor between cosine similarities and logits; 100 unless given."""
    linearised: Annotated[StrictBool, Expected("true or false")] | None = None
    """Whether merges are evaluated as models of first order around the base; where every task is a
    linearised checkpoint they are, unless stated."""

    @model_validator(mode="after")
    def _can_be_used(self) -> "EncoderTable":
        if self.image_mean is not None:
            require_mean(self.image_mean, where="[encoder].image_mean")
        if self.image_std is not None:
            require_deviation(self.image_std, where="[encoder].image_std")
        if self.logit_scale is not None:
            require_logit_scale(self.logit_scale, where="[encoder].logit_scale")
        return self


class BaseTable(Document):
    """The pre-trained model."""

    checkpoint: Text
    """Its weights: a file of safetensors or torch, a part of one as file#key, a folder with a model, or
    hf:organisation/name for a model in Hugging Face's local cache."""


class ExpectedTable(Document):
    """Accuracies on test that were measured elsewhere; another value is a warning."""

    zeroshot: Share | None = None
    """Accuracy of the pre-trained model."""
    finetuned: Share | None = None
    """Accuracy of the fine-tuned model."""


class ControlTable(Document):
    """Something to evaluate on without a fine-tuned model; never merged, never in the mean."""

    name: Text
    """Its name, which no other task or control has."""
    short: Short | None = None
    """What charts call it; made from the names unless given."""
    head: Head | None = None
    """Class embeddings (classes, width): a checkpoint and a tensor's name, file#key, or the file alone."""
    normalise: Annotated[StrictBool, Expected("true or false")] | None = None
    """Whether the head is a linear layer, with its bias, on features of length 1 (true) or as they are
    (false). Without it, CLIP's heads are class embeddings, met by cosines, and a classifier's are its own
    last layer."""
    templates: Strings | None = None
    """Prompts with {} where a class name goes, from which the text tower makes the head."""
    classes: Strings | None = None
    """Class names in the order of the labels."""
    val: Text | None = None
    """Validation images: a folder with one folder per class, a file of tensors (safetensors, torch, npz),
    Parquet files, a CSV of files and labels, or torchvision:NAME."""
    test: Text | None = None
    """Test images, given as for `val`."""
    images: Text | None = None
    """Images that nobody has split, given as for `val`: a half of each class, drawn once and for all, is
    validation, and the other half is test."""
    unreadable: Annotated[Literal["skip"], Expected('"skip"')] | None = None
    """Leaves out pictures that cannot be read, and counts them; without it the first one ends the task."""
    expected: ExpectedTable = Field(default_factory=ExpectedTable)
    """Accuracies on test that were measured elsewhere."""

    @model_validator(mode="after")
    def _has_one_head(self) -> "ControlTable":
        if self.head is not None and self.templates is not None:
            raise ZooError(f"'{self.name}' gives head and templates; give only one of them.")
        if self.templates is not None and self.classes is None:
            raise ZooError(f"'{self.name}' gives templates but no classes to fill them with.")
        if self.images is not None and (self.val is not None or self.test is not None):
            raise ZooError(
                f"'{self.name}' gives images, which are halved into val and test, and one of these too; give "
                "either images, or val and test."
            )
        if self.images is not None and self.images.startswith("torchvision:"):
            raise ZooError(
                f"'{self.name}' gives '{self.images}' as images, and torchvision splits its sets itself; "
                "give it as val and as test."
            )
        return self


class TaskTable(ControlTable):
    """A task: a model fine-tuned from the base, and what to evaluate it on."""

    checkpoint: Text
    """Path of the fine-tuned weights: safetensors, or a state dict saved by torch."""


class ZooDocument(Document):
    """A base model, the models fine-tuned from it, and what to evaluate their merges on."""

    model_config = ConfigDict(title="zoo.toml")

    name: Text
    """The zoo's name, shown on every page."""
    encoder: EncoderTable | None = None
    """The image encoder; without it nothing is evaluated."""
    base: BaseTable
    """The pre-trained model."""
    tasks: Annotated[list[TaskTable], Field(min_length=1), Expected("a list of one or more tables")]
    """The fine-tuned models, in the order they are shown."""
    controls: Annotated[list[ControlTable], Expected("a list of tables")] = Field(default=[])
    """Evaluations that take no part in the merge."""
    vocabulary: Annotated[Literal["shared"], Expected('"shared"')] | None = None
    """Merges vocabularies of two sizes on the rows that both have; without it they are refused."""

    @model_validator(mode="after")
    def _has_distinct_names(self) -> "ZooDocument":
        known: set[str] = set()
        for entry in (*self.tasks, *self.controls):
            # Letters with accents may be one character or two, which look the same.
            if (name := normalize("NFC", entry.name)) in known:
                raise ZooError(f"zoo.toml calls two tasks or controls '{name}'; names must be distinct.")
            known.add(name)
        for entry in (*self.tasks, *self.controls):
            if entry.short is None:
                continue
            if (short := normalize("NFC", entry.short)) in known - {normalize("NFC", entry.name)}:
                raise ZooError(
                    f"zoo.toml calls two tasks or controls '{short}'; short names must be distinct."
                )
            known.add(short)
        return self


def zoo_document(data: Mapping[str, Any]) -> ZooDocument:
    """The document that parsed TOML holds.

    Raises:
        ZooError: An entry is unknown, missing or of the wrong kind, or two contradict each other.
    """

    def name_of(location: Location) -> str:
        if not location:
            return "zoo.toml"
        table, *rest = location
        if table in ("tasks", "controls"):
            return _name_in_list(str(table), data[table], rest) if rest else f"[[{table}]]"
        return _joined(f"[{table}]" if table in ("base", "encoder") else str(table), rest)

    return checked(ZooDocument, data, name_of=name_of, refusal=ZooError, out_of_range=ZooError)


def _name_in_list(table: str, entries: Any, location: list[int | str]) -> str:
    index, *rest = location
    entry = entries[index]
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name.strip():
        return _joined(f"[[{table}]] {int(index) + 1}", rest)
    return _joined(f"'{name}'", rest) if rest else f"The entry of '{name}'"


def _joined(table: str, location: list[int | str]) -> str:
    return table + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
