"""Pipes, devices, sockets, folders and links where a file is expected: none is opened, none waits."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

from tests.hostile.inputs import BAD, EVALUATE, INSPECT, MERGE, Change, Input, Outcome


def _socket(path: Path) -> None:
    # Bound by a short name: the system's limit is 107 bytes.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


_KINDS: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": _socket,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("none"),
    "/dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "/dev/null": lambda path: path.symlink_to("/dev/null"),
    "/dev/stdin": lambda path: path.symlink_to("/dev/stdin"),
    "/dev/full": lambda path: path.symlink_to("/dev/full"),
    "/dev/tty": lambda path: path.symlink_to("/dev/tty"),
    "/proc/self/mem": lambda path: path.symlink_to("/proc/self/mem"),
    "/proc/self/environ": lambda path: path.symlink_to("/proc/self/environ"),
    "/proc/kcore": lambda path: path.symlink_to("/proc/kcore"),
    "/etc/passwd": lambda path: path.symlink_to("/etc/passwd"),
}


def _instead(file: str, make: Callable[[Path], object]) -> Change:
    def change(zoo: Path) -> None:
        path = zoo / file
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        make(path)

    return change


def _costs(file: str, says: str, outcome: Outcome, command: tuple[str, ...] = INSPECT) -> list[Input]:
    return [
        Input(f"{kind} as {file}", _instead(file, make), says, outcome, command)
        for kind, make in _KINDS.items()
    ]


WEIGHTS = [
    Input(
        f"{kind} as {file}", _instead(file, make), "" if kind == "a link to nothing" else file.split(".")[0]
    )
    for file in ("zoo.toml", "base.safetensors", f"{BAD}.safetensors")
    for kind, make in _KINDS.items()
]
RECIPES = [
    Input(f"{kind} as recipe.yaml", _instead("recipe.yaml", make), command=MERGE)
    for kind, make in _KINDS.items()
    if kind
    not in {"/dev/null", "/dev/stdin", "/etc/passwd", "/proc/self/environ"}  # read, and refused as recipes
]
SETS = _costs(f"{BAD}_val.safetensors", "", "costs its task", EVALUATE)
CONFIGS = _costs("config.json", "Nothing can be evaluated", "accepted")
HEADS = _costs("heads.safetensors", "is not evaluated", "accepted")
INPUTS = (*WEIGHTS, *RECIPES, *SETS, *CONFIGS, *HEADS)
