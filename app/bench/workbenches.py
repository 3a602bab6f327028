"""From a folder to a workbench: weights, encoder, heads, images and what was measured on them before."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from weakref import WeakValueDictionary

from app.bench.bench_setup import EvaluationSetup, evaluation_setup
from app.bench.compiled import compile_merges
from app.bench.measuring.zoo_history import zoo_history
from app.bench.workbench import Workbench
from app.work.jobs import JobContext
from app.zoo.devices import device_named
from app.zoo.opening import zoo_weights
from app.zoo.roots import Roots
from app.zoo.zoo_file import ZooFile, read_zoo_file
from app.zoo.zoo_stamps import files_stamp
from app.zoo.zoos_below import zoos_below
from cache.store import Store

_AGAIN = "measure again: "


class Workbenches:
    """Open zoos of this process: two people who open the same one share its memory.

    A zoo is let go when the last who uses it has opened another or left.
    """

    def __init__(
        self,
        store: Store,
        *,
        roots: Sequence[Path] = (),
        served: Roots | None = None,
        data_root: Path | None = None,
        measures_again: bool = True,
    ) -> None:
        """Start with nothing open.

        Args:
            store: Where runs are kept.
            roots: Folders in which the files that a zoo names may lie as well.
            served: Where zoos may be opened; None for anywhere, as for who has the machine's command line.
            data_root: Folder of torchvision's data sets.
            measures_again: Whether results that come with a zoo are left aside.
        """
        self.store = store
        self.roots = tuple(roots)
        self.served = served
        self._data_root = data_root
        self._measures_again = measures_again
        self._open: WeakValueDictionary[tuple[str, str, bool], Workbench] = WeakValueDictionary()

    def zoo_file(self, folder: Path) -> ZooFile:
        """Read and check the `zoo.toml` of a folder.

        Raises:
            FileError: A file cannot be read, or a path cannot be followed.
            ZooError: The zoo may not be opened here, or its description cannot be used.
        """
        self.require(folder)
        return read_zoo_file(folder, roots=self.roots)

    def require(self, folder: Path) -> None:
        """Refuse a folder in which zoos may not be opened.

        Raises:
            FileError: The path cannot be followed.
            ZooError: The folder lies outside.
        """
        if self.served is not None:
            self.served.require_zoo(folder)

    def may_open(self, folder: Path) -> bool:
        """Whether a folder lies where zoos may be opened."""
        return self.served is None or self.served.may_open(folder)

    def zoos_below(self, folder: Path) -> tuple[Path, ...]:
        """Zoos right below a folder that lies where zoos may be opened."""
        return tuple(one for one in zoos_below(folder) if self.may_open(one)) if self.may_open(folder) else ()

    def open(self, folder: Path, context: JobContext, *, device: str | None = None) -> Workbench:
        """Open a zoo, or join those who have it open, unchanged, on the same device.

        Args:
            folder: Holds `zoo.toml`.
            context: Where to report, and whether to stop; it lets others pass between pieces.
            device: `cuda`, `mps` or `cpu`; the best there is by default.

        Raises:
            ZooError: The zoo may not be opened here, or something it names cannot be used.
            CacheError: A file cannot be read.
            AnalysisError: The checkpoints do not fit together.
        """
        where = device_named(device)
        file = self.zoo_file(folder)
        name = where.type, files_stamp(file), self.takes_shipped(file.folder)
        shared = self._open.get(name)
        if shared is not None:
            return shared
        zoo = zoo_weights(file, context, device=where)
        context.report(None, "Reading heads and images")
        setup = evaluation_setup(zoo, device=where, data_root=self._data_root, check=context.let_others_pass)
        if zoo.task_vectors.deltas.device.type == "cpu":
            compile_merges(zoo.task_vectors.n_tasks, context)
        history, warnings = zoo_history(
            self.store, zoo, setup, device=where, takes_shipped=self.takes_shipped(file.folder)
        )
        setup = replace(setup, warnings=(*setup.warnings, *warnings))
        bench = Workbench(zoo, setup, device=where, history=history)
        if self._data_root is None or not _lacks_data(file, setup):
            self._open[name] = bench  # else whoever opens it next looks again for what was downloaded
        return bench

    def takes_shipped(self, folder: Path) -> bool:
        """Whether results that come with the zoo in this folder are used."""
        return not self._measures_again and not self.store.recall(_AGAIN + str(folder))

    def measure_again(self, folder: Path, *, again: bool) -> None:
        """Leave aside what came with a zoo from now on, or use it again, when it is opened next."""
        self.store.remember(_AGAIN + str(folder), again)


def _lacks_data(file: ZooFile, setup: EvaluationSetup) -> bool:
    """Whether images that could be evaluated are not there."""
    return any(
        entry.name in setup.heads and entry.name not in setup.eval_sets[split]
        for entry in file.evaluated
        for split in entry.eval_sets
    )
