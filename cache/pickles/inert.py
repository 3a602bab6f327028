"""Inert objects: what a pickle would have made, described and not made."""

from dataclasses import dataclass, field


class PickleError(Exception):
    """A pickle breaks its own rules, or needs what is not read here.

    The message continues a sentence that begins with the file or the tensor, and has no full stop.
    """


DAMAGED = "is damaged; copy or download it again"
SAVE_AGAIN = (
    "a checkpoint is data, never code, so save the weights alone where the file was made: "
    "torch.save(model.state_dict(), 'weights.pt')"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A class or function that a pickle names; it is never looked up."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class Made:
    """An object that a pickle asks to make by calling something; nothing is called."""

    kind: object
    """What would be called: usually a `Named`."""
    args: object
    state: object = None
    """What would be set as its attributes."""
    items: dict[object, object] = field(default_factory=dict)
    """What would be set by key."""


@dataclass(frozen=True, slots=True, eq=False)
class Persistent:
    """A reference to something outside of the pickle, such as a record of weights."""

    reference: object


class Nameless:
    """The key of a mapping where it is no text; never compared, so that no key can be chosen to collide."""

    __slots__ = ()


def an_object(value: object) -> str:
    """The class of an inert object behind its article.

    >>> an_object(Made(Named("argparse", "Namespace"), ())), an_object([])
    ('an argparse.Namespace', 'a list')
    """
    kind = kind_of(value)
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


def kind_of(value: object) -> str:
    """The class of an inert object, as its author calls it."""
    while isinstance(value, Made):
        value = value.kind
    if isinstance(value, Persistent):
        return "storage"
    return str(value) if isinstance(value, Named) else type(value).__name__
