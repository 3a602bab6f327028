"""Memory of a process of its own, since one that has run other tests keeps what they freed."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]

_MEASURED = """
import contextlib, psutil, resource, sys
from pathlib import Path
def peak():
    if sys.platform == "linux":  # where ru_maxrss begins with the parent's
        lines = Path("/proc/self/status").read_text().splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
{setup}
with contextlib.suppress(OSError):  # where the system lets it, forget what the setup held for a moment
    Path("/proc/self/clear_refs").write_text("5")
before = psutil.Process().memory_info().rss
{work}
print(peak() - before)
"""


def added_at_peak(setup: str, work: str) -> int:
    """Bytes that the largest memory of a process lies above what it held between `setup` and `work`."""
    script = _MEASURED.format(setup=setup, work=work)
    done = subprocess.run([sys.executable, "-c", script], cwd=_ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])
