"""The code that the documents show, written out where a reader would put it."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SNIPPETS = "snippets"
COPIED = ("analysis", "app", "cache", "tests", "pyproject.toml")

_BLOCK = re.compile(
    r"^```(?P<language>python|diff)[ ]*(?P<path>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of Python, or of changes to a file."""

    place: str
    """The document and the line: "README.md:12"."""
    path: str
    """The file that the block is the whole of, or changes; one in `SNIPPETS` if it names none."""
    is_file: bool
    """Whether it names a file."""
    is_change: bool
    """Whether it shows parts of the file with lines added ("+") and removed ("-")."""
    text: str


def documents(root: Path) -> list[Path]:
    """The README and the documents beside it."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def blocks(document: Path) -> list[Block]:
    """Every block of Python or of changes in a document, in order."""
    text = document.read_text("utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 2
        path = match["path"] or f"{SNIPPETS}/{document.stem.lower().replace('-', '_')}_{line}.py"
        is_change = match["language"] == "diff"
        found.append(Block(f"{document.name}:{line}", path, bool(match["path"]), is_change, match["text"]))
    return found


def write_out(found: list[Block], folder: Path) -> None:
    """Copy the code into a folder and put each block where it belongs."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "golden", "browser")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder)
    for block in found:
        path = folder / block.path
        path.parent.mkdir(parents=True, exist_ok=True)
        text = changed(path.read_text("utf-8"), block) if block.is_change else block.text
        path.write_text(text, "utf-8")


def changed(text: str, block: Block) -> str:
    """A file's text with the changes of a block made; a line "@@" stands between two of its parts.

    Raises:
        ValueError: The lines that a part shows do not stand in the file exactly once.
    """
    for part in re.split(r"^@@\n", block.text, flags=re.MULTILINE):
        lines = [line or " " for line in part.splitlines()]
        before = "".join(f"{line[1:]}\n" for line in lines if line[0] != "+")
        after = "".join(f"{line[1:]}\n" for line in lines if line[0] != "-")
        if text.count(before) != 1:
            raise ValueError(
                f"{block.place}: {block.path} holds these lines {text.count(before)} times, expected once; "
                f"change the document along with the code:\n{before}"
            )
        text = text.replace(before, after)
    return text
