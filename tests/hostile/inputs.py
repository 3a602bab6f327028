"""What a hostile input is: a change of a small zoo, the command that meets it, and what has to come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Change = Callable[[Path], object]

Outcome = Literal["refused", "accepted", "costs its task"]

INSPECT = ("inspect", "{zoo}")
MERGE = ("merge", "{zoo}", "{zoo}/recipe.yaml", "-o", "{out}/merged.safetensors")
EVALUATE = ("evaluate", "{zoo}", "{zoo}/recipe.yaml", "--json")
BAD = "deep"
"""The task whose files are changed."""


@dataclass(frozen=True, slots=True)
class Input:
    """One hostile input."""

    name: str
    """Unique in its group."""
    change: Change
    """Of a zoo of three tasks and a control, with an encoder, heads and a recipe.yaml."""
    says: str = ""
    """Part of what the one sentence says: which file, task or key it is."""
    outcome: Outcome = "refused"
    command: tuple[str, ...] = INSPECT
    """`{zoo}` and `{out}` stand for the two folders."""


def written(file: str, content: bytes | str) -> Change:
    """The change that writes a file in place of another."""
    data = content.encode() if isinstance(content, str) else content

    def change(zoo: Path) -> None:
        (zoo / file).unlink(missing_ok=True)
        (zoo / file).write_bytes(data)

    return change


def replaced(file: str, before: str, after: str, *, times: int = 1) -> Change:
    """The change that edits a text file, in which what is replaced must stand."""

    def change(zoo: Path) -> None:
        text = (zoo / file).read_text(encoding="utf-8")
        assert before in text, f"{file} has no {before!r}"
        (zoo / file).write_text(text.replace(before, after, times), encoding="utf-8", errors="surrogatepass")

    return change
