"""Import graph of the rooms, as it stands between its marks in docs/architecture.md.

    python docs/import_graph.py [--write]

A room is a folder, or a file that stands beside the folders. With --write the graph in the document is
replaced; without, it is printed.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from grimp import ImportGraph, build_graph

ROOT = Path(__file__).resolve().parents[1]
ARCHITECTURE = ROOT / "docs/architecture.md"
BEGIN, END = (
    "<!-- import graph: python docs/import_graph.py --write -->\n",
    "<!-- end of the import graph -->",
)

PACKAGES = ("analysis", "app")
"""Packages whose folders are rooms; the cache is one room."""

Arrows = Mapping[str, frozenset[str]]
"""Each room with the rooms it imports."""


def main() -> None:
    """Print the graph, or write it into its document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="replace the graph in docs/architecture.md")
    write = parser.parse_args().write
    sys.path.insert(0, str(ROOT))
    graph = as_markdown(arrows(build_graph(*PACKAGES, "cache", cache_dir=None)))
    if write:
        ARCHITECTURE.write_text(with_graph(ARCHITECTURE.read_text("utf-8"), graph), "utf-8")
    else:
        print(graph)


def arrows(graph: ImportGraph) -> Arrows:
    """Which room imports which, from the imports between their modules."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        room = _room(module)
        found[room] |= {_room(name) for name in graph.find_modules_directly_imported_by(module)} - {room}
    return {room: frozenset(imported) for room, imported in found.items() if room not in PACKAGES}


def as_markdown(rooms: Arrows) -> str:
    """A picture without the arrows that follow from others, and the table of all.

    The table begins at the top: a room imports only rooms below its own row.
    """
    names = _from_the_top(rooms)
    picture = [
        f"    {_node(room)} --> {_node(imported)}"
        for room in names
        for imported in sorted(rooms[room], key=names.index)
        if not any(imported in _below(rooms, other) for other in rooms[room])
    ]
    table = [
        f"| `{room}` | {', '.join(f'`{name}`' for name in sorted(rooms[room], key=names.index)) or '–'} |"
        for room in names
    ]
    return "\n".join(
        [
            "",
            "```mermaid",
            "flowchart TD",
            *picture,
            "```",
            "",
            "| room | imports |",
            "|---|---|",
            *table,
            "",
            "",
        ]
    )


def with_graph(document: str, graph: str) -> str:
    """The document with another graph between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + graph + END + after


def _room(module: str) -> str:
    package, *rest = module.split(".")
    return ".".join([package, *rest[:1]]) if package in PACKAGES else package


def _from_the_top(rooms: Arrows) -> list[str]:
    """Rooms in an order in which each stands above those it imports."""
    return sorted(rooms, key=lambda room: (-_height(rooms, room), room))


def _height(rooms: Arrows, room: str) -> int:
    return 1 + max((_height(rooms, other) for other in rooms.get(room, ())), default=0)


def _below(rooms: Arrows, room: str) -> frozenset[str]:
    """Every room that is reached from one, by any number of arrows."""
    return frozenset(name for other in rooms.get(room, ()) for name in (other, *_below(rooms, other)))


def _node(room: str) -> str:
    return f"{room.replace('.', '_')}[{room}]"


if __name__ == "__main__":
    main()
