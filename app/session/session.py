"""One person's stay: the zoo they have open, the one they are opening, their lab and their diagnosis."""

from pathlib import Path
from uuid import uuid4

from app.bench.workbench import Workbench
from app.bench.workbenches import Workbenches
from app.errors import USER_ERRORS
from app.session.at_work import AtWork, at_work
from app.session.building import Building
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.work.jobs import Job, JobContext, JobState, Lane
from app.work.worker import Worker
from app.zoo.building.fusion_bench import is_pool
from app.zoo.zoo_file import ZooFile

_RECENT = "recent zoos"
_LONGEST = 8


class Session:
    """What belongs to one browser tab; everything heavy in it is done by the worker."""

    def __init__(
        self, worker: Worker, benches: Workbenches, *, device: str | None, is_shared: bool = False
    ) -> None:
        """Start with nothing open.

        Args:
            worker: Computes for all tabs.
            benches: Opens zoos.
            device: `cuda`, `mps` or `cpu`; None for the best available.
            is_shared: Whether others reach the app, who need not know which zoos were opened in it.
        """
        self.key = uuid4().hex
        self.lab: Lab | None = None
        self.diagnosis: Diagnosis | None = None
        self.folder: Path | None = None
        """Folder of the open zoo."""
        self.opening: Job[Workbench] | None = None
        self.notice: str | None = None
        """Why the zoo asked for last could not be opened, in one sentence."""
        self.device = device
        self.building = Building(worker, benches, self.key)
        """The folder that is to become a zoo."""
        self._worker = worker
        self._benches = benches
        self._wanted: Path | None = None
        self._page = ""
        self._is_shared = is_shared
        self._opened: list[Path] = []
        self.n_ended = 0
        """How often `collect` has taken an opening over."""

    @property
    def has_asked(self) -> bool:
        """Whether any zoo was asked for yet."""
        return self._wanted is not None

    def zoo_file(self, folder: Path) -> ZooFile:
        """The checked `zoo.toml` of a folder.

        Raises:
            FileError: A file cannot be read, or a path cannot be followed.
            ZooError: The zoo may not be opened here, or its description cannot be used.
        """
        return self._benches.zoo_file(folder)

    def zoos_below(self, folder: Path) -> tuple[Path, ...]:
        """Zoos right below a folder, which may be opened here."""
        return self._benches.zoos_below(folder)

    def may_build(self, folder: Path) -> bool:
        """Whether a folder has neither a zoo nor zoos right below it, and may become one here.

        A file that names the models of a pool may as well.
        """
        if not self._benches.may_open(folder):
            return False
        if is_pool(folder):
            return folder.is_file()
        return folder.is_dir() and not (folder / "zoo.toml").exists() and not self.zoos_below(folder)

    def open(self, folder: Path) -> None:
        """Ask for a zoo; the one that is open stays until the new one stands."""
        if self.opening is not None:
            self.opening.cancel()
        self.notice, self._wanted, device = None, folder, self.device

        def work(context: JobContext) -> Workbench:
            return self._benches.open(folder, context, device=device)

        self.opening = self._worker.submit(
            self.key, work, label=f"Opening {self._name_of(folder)}", lane=Lane.ORDERED
        )

    @property
    def may_measure_again(self) -> bool:
        """Whether this person decides if results that come with a zoo are used: it holds for all tabs."""
        return not self._is_shared

    @property
    def takes_shipped(self) -> bool:
        """Whether results that come with the open zoo are used."""
        return self.lab is not None and self._benches.takes_shipped(self.lab.bench.zoo.file.folder)

    def measure_again(self, *, again: bool) -> None:
        """Leave aside what came with the open zoo, or use it again; the zoo is opened once more."""
        if self.lab is not None and self.folder is not None:
            self._benches.measure_again(self.lab.bench.zoo.file.folder, again=again)
            self.open(self.folder)

    def _name_of(self, folder: Path) -> str:
        """The zoo's own name; the folder's while its description cannot be read."""
        try:
            return self._benches.zoo_file(folder).name
        except USER_ERRORS:
            return folder.name

    def collect(self) -> bool:
        """Take over an opened zoo, or why it could not be opened; whether anything has changed."""
        opening = self.opening
        if opening is None or opening.is_active:
            return False
        self.opening = None
        self.n_ended += 1
        if opening.state is JobState.DONE and opening.result is not None and self._wanted is not None:
            if self.lab is not None:
                self.lab.stop()
            if self.diagnosis is not None:
                self.diagnosis.requests.stop()
            self.folder = self._wanted.resolve()
            self.lab = Lab(opening.result, self._worker, self.key)
            self.diagnosis = Diagnosis(opening.result, self._worker, self.key)
            self._remember(self.folder)
        self.notice = opening.error or self.notice
        return True

    def visit(self, page: str) -> None:
        """A person looks at this page now: what it measures comes before what other pages do."""
        if page != self._page:
            self._page = page
            self._worker.attend(self.key, page)
            if self.diagnosis is not None:
                self.diagnosis.requests.look_again()

    def stop_work(self) -> None:
        """Stop what `at_work` names, if it is this tab's own: what others wait for is theirs to stop."""
        found = self.at_work
        if found is not None and found.is_mine:
            found.job.cancel()

    @property
    def at_work(self) -> AtWork | None:
        """What the worker does, as this tab sees it; None while it does nothing."""
        return at_work(self._worker.queue(), self.key)

    n_come = 0
    """A zoo comes as a whole."""

    is_busy = False

    @property
    def awaited(self) -> tuple[Job[Workbench], ...]:
        """The zoo being opened."""
        return () if self.opening is None else (self.opening,)

    def leave(self) -> None:
        """The tab was closed: nothing is computed for it any more."""
        self._worker.forget(self.key)

    def recent(self) -> list[Path]:
        """Folders of zoos opened before that may be opened here, the latest first.

        Of this user; of this tab alone where others reach the app.
        """
        return [folder for folder in self._opened_before() if self._benches.may_open(folder)]

    def _opened_before(self) -> list[Path]:
        if self._is_shared:
            return self._opened
        known = self._benches.store.recall(_RECENT)
        return [Path(one) for one in known if isinstance(one, str)] if isinstance(known, list) else []

    def _remember(self, folder: Path) -> None:
        others = [path for path in self._opened_before() if path != folder]
        self._opened = [folder, *others][:_LONGEST]
        if not self._is_shared:
            self._benches.store.remember(_RECENT, [str(path) for path in self._opened])
