"""Settings from outside: environment variables, which the command line fills."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "0.9.0"
"""Of Tauscope."""

DEMO_ZOO = Path(__file__).resolve().parents[1] / "zoos" / "demo"
"""The zoo that ships with the repository."""

ZOO, ROOTS, DATA, DEVICE = "TAUSCOPE_ZOO", "TAUSCOPE_ROOTS", "TAUSCOPE_DATA", "TAUSCOPE_DEVICE"
SAVE_TO, AGAIN = "TAUSCOPE_SAVE_TO", "TAUSCOPE_MEASURE_AGAIN"

HOST = "localhost"
"""Where the app is served unless another address is chosen: to browsers on this machine alone."""


def is_this_machine(host: str) -> bool:
    """Whether only browsers on this machine reach a server at an address.

    >>> is_this_machine("localhost"), is_this_machine("::1"), is_this_machine("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == HOST


def _merged() -> Path:
    return Path.cwd() / "merged"


@dataclass(frozen=True, slots=True)
class Settings:
    """The zoo, the folders it may use, the device, and where the app saves."""

    zoo: Path
    """Folder of the zoo opened first."""
    roots: tuple[Path, ...]
    """Folders in which zoos, and the files that they name, may lie as well."""
    data_root: Path | None
    """Folder of torchvision's data sets."""
    device: str | None
    """`cuda`, `mps` or `cpu`; None for the best available."""
    save_to: Path = field(default_factory=_merged)
    """Folder below which the app saves; made when it is first needed."""
    measures_again: bool = False
    """Whether results that come with a zoo are left aside."""

    @property
    def served(self) -> tuple[Path, ...]:
        """Folders in which the server opens zoos: that of the first zoo, the roots, and what we ship."""
        first = self.zoo.parent if self.zoo.name == "zoo.toml" else self.zoo
        return (first, *self.roots, DEMO_ZOO.parent)

    def environment(self) -> dict[str, str]:
        """Variables under which `settings` reads these; what is not chosen is empty."""
        return {
            ZOO: str(self.zoo),
            ROOTS: os.pathsep.join(map(str, self.roots)),
            DATA: str(self.data_root or ""),
            DEVICE: self.device or "",
            SAVE_TO: str(self.save_to),
            AGAIN: "1" if self.measures_again else "",
        }


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    >>> settings({"TAUSCOPE_DEVICE": "cpu"}).device
    'cpu'
    """
    roots = environment.get(ROOTS, "")
    data, save_to = environment.get(DATA), environment.get(SAVE_TO)
    return Settings(
        zoo=Path(environment.get(ZOO, DEMO_ZOO)),
        roots=tuple(Path(root) for root in roots.split(os.pathsep) if root),
        data_root=Path(data) if data else None,
        device=environment.get(DEVICE) or None,
        save_to=Path(save_to) if save_to else _merged(),
        measures_again=environment.get(AGAIN, "") not in ("", "0"),
    )
