"""From a folder to a workbench: weights, encoder, heads, images and what was measured on them before."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from weakref import WeakValueDictionary

from app.bench.bench_setup import EvaluationSetup, evaluation_setup
from app.bench.compiled import compile_merges
from app.bench.history import History
from app.bench.workbench import Workbench
from app.work.jobs import JobContext
from app.zoo.devices import device_named
from app.zoo.eval_sets import EvalSet
from app.zoo.opening import ZooWeights, zoo_weights
from app.zoo.roots import Roots
from app.zoo.zoo_file import ZooFile, read_zoo_file
from cache.fingerprints import combined, file_fingerprint
from cache.store import Store

VERSION = 1
"""Raised whenever measured numbers change; runs of before are then not taken for new ones."""


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
    ) -> None:
        """Start with nothing open.

        Args:
            store: Where runs are kept.
            roots: Folders in which the files that a zoo names may lie as well.
            served: Where zoos may be opened; None for anywhere, as for who has the machine's command line.
            data_root: Folder of torchvision's data sets.
        """
        self.store = store
        self.roots = tuple(roots)
        self.served = served
        self._data_root = data_root
        self._open: WeakValueDictionary[str, Workbench] = WeakValueDictionary()

    def zoo_file(self, folder: Path) -> ZooFile:
        """Read and check the `zoo.toml` of a folder.

        Raises:
            FileError: A file cannot be read, or a path cannot be followed.
            ZooError: The zoo may not be opened here, or its description cannot be used.
        """
        if self.served is not None:
            self.served.require_zoo(folder)
        return read_zoo_file(folder, roots=self.roots)

    def may_open(self, folder: Path) -> bool:
        """Whether a folder lies where zoos may be opened."""
        return self.served is None or self.served.may_open(folder)

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
        name = combined({"device": where.type, "files": _stamps(file)})
        shared = self._open.get(name)
        if shared is not None:
            return shared
        zoo = zoo_weights(file, context, device=where)
        context.report(None, "Reading heads and images")
        setup = evaluation_setup(zoo, device=where, data_root=self._data_root, check=context.let_others_pass)
        if zoo.task_vectors.deltas.device.type == "cpu":
            compile_merges(zoo.task_vectors.n_tasks, context)
        history = History(
            self.store,
            zoo_name=file.name,
            fingerprint=combined(
                {"version": VERSION, "weights": zoo.fingerprint, **_measured_with(zoo, setup)}
            ),
            tasks=zoo.task_vectors.tasks,
            device=where,
            eval_sets=setup.eval_sets,
        )
        bench = Workbench(zoo, setup, device=where, history=history)
        if self._data_root is None or not _lacks_data(file, setup):
            self._open[name] = bench  # else whoever opens it next looks again for what was downloaded
        return bench


def _lacks_data(file: ZooFile, setup: EvaluationSetup) -> bool:
    """Whether images that could be evaluated are not there."""
    return any(
        entry.name in setup.heads and entry.name not in setup.eval_sets[split]
        for entry in file.evaluated
        for split in entry.eval_sets
    )


def _stamps(file: ZooFile) -> dict[str, list[int]]:
    """Size and time of every file and folder a zoo names: equal while nothing was written."""
    sources = [source for entry in file.evaluated for source in entry.eval_sets.values()]
    heads = [entry.head_file for entry in file.evaluated if entry.head_file]
    model = [file.encoder.model] if file.encoder and isinstance(file.encoder.model, Path) else []
    named = [file.folder / "zoo.toml", file.base_checkpoint, *(task.checkpoint for task in file.tasks)]
    paths = {*named, *model, *heads, *(Path(source) for source in sources)}
    within = (inner for path in paths for inner in (path, *path.glob("*"), *_images(path)))
    return {str(path): _stamp(path) for path in sorted(within) if path.exists()}


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _measured_with(zoo: ZooWeights, setup: EvaluationSetup) -> dict[str, object]:
    """Fingerprints of what turns weights into accuracies."""
    if setup.encoder is None:
        return {}
    encoder = setup.encoder
    return {
        "encoder": [str(encoder.config), encoder.mean, encoder.std, encoder.logit_scale],
        "heads": {
            task: hashlib.sha256(head.numpy().tobytes()).hexdigest() for task, head in setup.heads.items()
        },
        "images": {
            f"{entry.name}/{split}": _source_fingerprint(source)
            for entry in zoo.file.evaluated
            for split, source in entry.eval_sets.items()
        },
        "labels": {
            split: {task: [*_label_digests(one), one.classes] for task, one in sets.items()}
            for split, sets in setup.eval_sets.items()
        },
    }


def _label_digests(eval_set: EvalSet) -> list[str]:
    """Of labels and their order: in nested order, labels alone only show how many images a class has."""
    return [
        hashlib.sha256(column.cpu().numpy().tobytes()).hexdigest()
        for column in (eval_set.labels, eval_set.order)
    ]


def _source_fingerprint(source: str) -> object:
    """Content of a file; names and sizes of a folder's images; the name of a torchvision set."""
    path = Path(source)
    if path.is_dir():
        return [[str(image.relative_to(path)), image.stat().st_size] for image in _images(path)]
    return file_fingerprint(path) if path.is_file() else source


def _images(path: Path) -> list[Path]:
    """Files below the folders of the classes, sorted; none if the path is a file."""
    return sorted(file for file in path.glob("*/**/*") if file.is_file())
