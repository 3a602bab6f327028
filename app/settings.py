"""Settings from outside: environment variables, which the command line fills."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEMO_ZOO = Path(__file__).resolve().parents[1] / "zoos" / "demo"
"""The zoo that ships with the repository."""

ZOO, ROOTS, DATA, DEVICE = "TAUSCOPE_ZOO", "TAUSCOPE_ROOTS", "TAUSCOPE_DATA", "TAUSCOPE_DEVICE"


@dataclass(frozen=True, slots=True)
class Settings:
    """The zoo, the folders it may use, and the device."""

    zoo: Path
    """Folder of the zoo opened first."""
    roots: tuple[Path, ...]
    """Folders in which zoos, and the files that they name, may lie as well."""
    data_root: Path | None
    """Folder of torchvision's data sets."""
    device: str | None
    """`cuda`, `mps` or `cpu`; None for the best available."""

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
        }


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    >>> settings({"TAUSCOPE_DEVICE": "cpu"}).device
    'cpu'
    """
    roots = environment.get(ROOTS, "")
    data = environment.get(DATA)
    return Settings(
        zoo=Path(environment.get(ZOO, DEMO_ZOO)),
        roots=tuple(Path(root) for root in roots.split(os.pathsep) if root),
        data_root=Path(data) if data else None,
        device=environment.get(DEVICE) or None,
    )
