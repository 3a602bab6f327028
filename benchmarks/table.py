"""One table for everything that is measured."""

from collections.abc import Iterable
from dataclasses import dataclass

_MS, _MB = 1e3, 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One hot path beside what bounds it and what others offer."""

    path: str
    measured: float
    """Seconds, or bytes."""
    floor: float | None = None
    """What it cannot be faster or smaller than, in the same unit; for memory what it may take."""
    n_bytes: float | None = None
    """Bytes the floor moves, to show how fast it is."""
    peer: float | None = None
    """The same by what people use today, same unit."""
    target: float
    """Largest ratio to the floor, or without a floor the largest value."""
    is_memory: bool = False

    def __str__(self) -> str:
        scale, unit = (_MB, "MB") if self.is_memory else (_MS, "ms")
        speed = f"{self.n_bytes / self.floor / 1e9:6.1f} GB/s" if self.n_bytes and self.floor else ""
        floor = f"{self.floor * scale:9.1f}" if self.floor else ""
        target = f"<= {self.target:g}" if self.floor else f"<= {self.target * scale:g} {unit}"
        peer = f"{self.peer * scale:10.1f} {self.peer / self.measured:6.1f}" if self.peer else " " * 17
        ratio = f"{self.measured / self.floor:7.2f}" if self.floor else ""
        return (
            f"{self.path:36} {self.measured * scale:9.1f} {unit} {floor:>9} {speed:>11} {ratio:>7} "
            f"{target:>10} {peer}"
        )


HEADER = (
    f"{'path':36} {'measured':>12} {'floor':>9} {'':>11} {'x floor':>7} "
    f"{'target':>10} {'peer':>10} {'x ours':>6}"
)


def show(lines: Iterable[Line]) -> None:
    """Print lines as they come."""
    for line in lines:
        print(line, flush=True)
