"""The Python that the documents show, written out where a reader would put it."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SNIPPETS = "snippets"

_BLOCK = re.compile(r"^```python[ ]*(?P<path>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of Python; one with a path behind its "```python" is the whole of that file."""

    place: str
    """The document and the line: "README.md:12"."""
    path: str
    """Where it stands in the code; in `SNIPPETS` if it names no file."""
    is_file: bool
    text: str


def documents(root: Path) -> list[Path]:
    """The README and the documents beside it."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def blocks(document: Path) -> list[Block]:
    """Every block of Python in a document, in order."""
    text = document.read_text("utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 2
        path = match["path"] or f"{SNIPPETS}/{document.stem.lower().replace('-', '_')}_{line}.py"
        found.append(Block(f"{document.name}:{line}", path, bool(match["path"]), match["text"]))
    return found


def write_out(found: list[Block], folder: Path) -> None:
    """Copy the code into a folder and put each block where it belongs."""
    for package in ("analysis", "app", "cache"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for block in found:
        path = folder / block.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if block.is_file and path.parent.is_relative_to(folder / "app" / "views"):
            (path.parent / "__init__.py").touch()
        path.write_text(block.text, "utf-8")
