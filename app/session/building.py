"""A folder that is to become a zoo: looked through by the worker, proposed, and written."""

from pathlib import Path
from typing import Any

from app.bench.workbenches import Workbenches
from app.work.jobs import Job
from app.work.measurement import Measurement
from app.work.request import Answer, Request
from app.work.worker import Worker
from app.zoo.building.parts import ZooParts
from app.zoo.building.proposal import Proposal, proposal
from app.zoo.building.written import write_zoo_toml, zoo_toml

_Asked = tuple[Path, str | None]


class Building:
    """What one tab makes of a folder of models."""

    n_come = 0
    """A proposal comes as a whole."""

    is_busy = False

    def __init__(self, worker: Worker, benches: Workbenches, session: str) -> None:
        """Look at nothing yet.

        Args:
            worker: Looks through folders.
            benches: Knows which folders may be looked at.
            session: Whose tab it is.
        """
        self.n_ended = 0
        """How often `collect` has taken a proposal over."""
        self._bases: dict[Path, str] = {}
        self._request: Request[_Asked, Proposal] = Request(worker, session, "build")
        self._benches = benches

    def choose_base(self, folder: Path, base: str) -> None:
        """Take a model of a folder, by its path inside, for the one the others were fine-tuned from."""
        self._bases[folder] = base

    def look(self, folder: Path) -> Answer[_Asked, Proposal]:
        """Ask what a folder can become, with the base that a person has chosen, if they have.

        Args:
            folder: Where the models lie, or a model pool of FusionBench that names them.

        Raises:
            FileError: The path cannot be followed.
            ZooError: The folder lies where no zoo may be opened.
        """
        self._benches.require(folder)
        base = self._bases.get(folder)
        return self._request.want(
            Measurement((folder, base), lambda _: self._proposal(folder, base)),
            label=f"Looking through {folder.name}",
        )

    def _proposal(self, folder: Path, base: str | None) -> Proposal:
        found = proposal(folder, base=base)
        self._benches.require(found.files.root)  # a pool's paths may begin above it
        return found

    @property
    def notice(self) -> str | None:
        """Why the folder could not be looked through, in one sentence."""
        return self._request.notice

    def collect(self) -> bool:
        """Take over a proposal that is ready; whether there is one."""
        has_ended = self._request.collect()
        self.n_ended += has_ended
        return has_ended

    @property
    def awaited(self) -> tuple[Job[Any], ...]:
        """The look that a person waits for."""
        return () if self._request.job is None else (self._request.job,)

    def write(self, folder: Path, parts: ZooParts, *, name: str) -> None:
        """Write the zoo.toml of a proposal into its folder.

        Args:
            folder: Where the models lie.
            parts: What the zoo takes, as a person left it.
            name: Of the zoo.

        Raises:
            ZooError: There is a zoo.toml already, or the folder lies where no zoo may be opened.
            CacheError: The file cannot be written.
        """
        self._benches.require(folder)
        write_zoo_toml(folder, zoo_toml(parts, {}, name=name))
