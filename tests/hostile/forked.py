"""Commands in processes of their own, forked from one that has imported the project: 30 ms each, not 5 s."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_SECONDS = 10
"""Of CPU that a command may take."""
_PATIENCE = 60
"""Seconds after which a command that waits for something is ended."""

_SERVER = f"""
import gc, json, os, resource, select, signal, sys, warnings
from pathlib import Path
from app.__main__ import commands
import app.bench.workbenches, app.bench.export, app.cli.measure_report, app.cli.report, app.cli.report_text
import psutil

def run(arguments, out, err):
    resource.setrlimit(resource.RLIMIT_CPU, ({_SECONDS}, {_SECONDS}))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    warnings.simplefilter("ignore")
    try:
        commands(arguments)
    except SystemExit as end:
        return end.code or 0
    except BaseException:
        import traceback
        traceback.print_exc()
    return 1

def ended(child, patience):
    for _ in range(round(patience * 100)):
        found, status, used = os.wait4(child, os.WNOHANG)
        if found:
            return status, used
        select.select([], [], [], 0.01)
    os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    return status, used

gc.collect()
gc.freeze()  # else the first collection of every child copies all memory
print("ready", flush=True)
for line in sys.stdin:
    given = json.loads(line)
    child = os.fork()
    if not child:
        Path(given["err"] + ".held").write_text(str(psutil.Process().memory_info().rss))
        code = run(given["arguments"], given["out"], given["err"])
        sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 1)
    status, used = ended(child, given["patience"])
    held = int(Path(given["err"] + ".held").read_text())
    answer = [os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, 1024 * used.ru_maxrss - held]
    print(json.dumps(answer), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a command ended."""

    exit_code: int
    """Negative: ended by this signal, 9 for one that waited, 24 for one that took too much of the CPU."""
    out: str
    err: str
    seconds: float
    """Of CPU."""
    n_bytes: int
    """Memory at its largest, above what it began with."""


class Forked:
    """The process from which commands are forked."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._out, self._err = folder / "out", folder / "err"

    def __call__(self, arguments: Sequence[str], *, patience: float = _PATIENCE) -> Reading:
        """Run one command to its end, or kill it after so many seconds."""
        asked = {
            "arguments": list(arguments),
            "out": str(self._out),
            "err": str(self._err),
            "patience": patience,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code, seconds, n_bytes = json.loads(self._process.stdout.readline())
        out, err = (file.read_text(encoding="utf-8", errors="replace") for file in (self._out, self._err))
        return Reading(code, out, err, seconds, n_bytes)


@contextmanager
def forked(folder: Path) -> Iterator[Forked]:
    """Start the process; what it remembers is kept in the folder.

    One thread: a process that has several cannot be forked safely.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TAUSCOPE_")},
        "TAUSCOPE_CACHE": str(folder / "cache"),
        "TAUSCOPE_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Forked(process, folder)
        assert process.stdin is not None
        process.stdin.close()
