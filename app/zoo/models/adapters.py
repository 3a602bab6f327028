"""LoRA adapters as task vectors: which weights of the base they change, and by how much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor

from analysis.errors import MismatchError
from analysis.listing import few
from analysis.model.arriving import ArrivingUpdate
from analysis.model.layout import Layout
from analysis.model.low_rank import add_low_rank
from cache.checkpoints import Checkpoint
from cache.fingerprints import combined
from cache.lora import LoraAdapter

_DEEPEST = 4
"""Parts that wrappers may have put in front of a layer's name."""
_NAMED = 3
_TOWERS = ("vision", "text")


@dataclass(frozen=True, slots=True)
class _Region:
    """Where a tensor of the base's files lies in the layout."""

    name: str
    """Of the layout's parameter."""
    rows: slice
    is_transposed: bool

    def of(self, flat: Tensor, layout: Layout) -> Tensor:
        """The region of a flat vector, in the shape that the file has."""
        view = layout.view(flat, self.name)
        return (view.T if self.is_transposed else view)[self.rows]


@dataclass(frozen=True, slots=True)
class PairedAdapter:
    """An adapter whose tensors were found in the base."""

    adapter: LoraAdapter
    low_rank: tuple[_Region, ...]
    """Where each update of low rank goes."""
    whole: Mapping[str, _Region]
    """Where tensors go that were trained whole, by the adapter's name."""
    left_out: tuple[str, ...]
    """Tensors that were trained whole and that the base lacks."""

    @property
    def checkpoint(self) -> Checkpoint:
        """The adapter's own tensors."""
        return self.adapter.checkpoint

    def write_into(self, arriving: ArrivingUpdate) -> str:
        """Write the task vector, reading the adapter's tensors.

        Returns:
            Digest of the adapter: its tensors, and how they are scaled.

        Raises:
            CheckpointError: The adapter changed on disk.
            MismatchError: An update has another shape than its weight.
        """
        tensors = self.adapter.checkpoint
        row, theta_0, layout = arriving.row, arriving.theta_0, arriving.layout
        row.zero_()
        for name, region in self.whole.items():
            value, target = tensors.read(name).float(), region.of(row, layout)
            if value.shape != target.shape:
                raise MismatchError(
                    f"'{name}' has shape {tuple(value.shape)}, the base has {tuple(target.shape)}."
                )
            target.copy_(value - region.of(theta_0, layout))
        for one, region in zip(self.adapter.low_rank, self.low_rank, strict=True):
            add_low_rank(
                region.of(row, layout),
                tensors.read(one.up),
                tensors.read(one.down),
                scaling=one.scaling,
                is_transposed=one.is_transposed,
                what=f"{one.module}.weight",
            )
        arriving.look()
        scaled = {one.module: [one.scaling, one.is_transposed] for one in self.adapter.low_rank}
        return combined({"tensors": tensors.digest(), "scaled": scaled})

    def doubts(self) -> list[str]:
        """What may be wrong with the adapter, as sentences."""
        if not self.left_out:
            return []
        return [f"{few(self.left_out, _NAMED)} of the adapter are no weights of the base; they are left out."]


def paired_adapter(adapter: LoraAdapter, base: Checkpoint, layout: Layout, *, where: str) -> PairedAdapter:
    """Find the weights that an adapter changes, under whatever prefix the base has them.

    Args:
        adapter: Of a task.
        base: The model it was trained on.
        layout: Of the base's weights.
        where: Whose adapter, to begin a sentence: "Task 'digits'".

    Raises:
        MismatchError: The base lacks a layer, or has all of them twice.
    """
    regions = _regions(base, layout)
    needed = [f"{one.module}.weight" for one in adapter.low_rank] or list(adapter.whole)
    ways = list(_prefixes(needed[0], regions))
    moved = {tuple(_moved(name, *way) for name in needed): way for way in reversed(ways)}
    fitting = [way for names, way in moved.items() if all(name in regions for name in names)]
    if not fitting:
        raise MismatchError(_lacking(needed, regions, ways, where))
    if len(fitting) > 1:
        tower = next((one for one in _TOWERS if one in adapter.model_class.lower()), None)
        fitting = [way for way in fitting if tower and tower in way[1]] or fitting
    if len(fitting) > 1:
        first, second = sorted(put_on for _, put_on in fitting[:2])
        raise MismatchError(
            f"{where} is an adapter whose layers the base has twice, under '{first}' and under '{second}'; "
            "state base_model_class in the auto_mapping of its adapter_config.json."
        )
    ((taken_off, put_on),) = fitting
    whole = {name: _moved(target, taken_off, put_on) for target, name in adapter.whole.items()}
    return PairedAdapter(
        adapter=adapter,
        low_rank=tuple(
            regions[_moved(f"{one.module}.weight", taken_off, put_on)] for one in adapter.low_rank
        ),
        whole={name: regions[target] for name, target in whole.items() if target in regions},
        left_out=tuple(name for name, target in whole.items() if target not in regions),
    )


def _regions(base: Checkpoint, layout: Layout) -> dict[str, _Region]:
    regions = {}
    for name, entry in base.entries.items():
        if name in layout.by_name:
            n_rows = (entry.shape[-1 if entry.is_transposed else 0] if entry.shape else 1) // len(
                entry.sources
            )
            for k, source in enumerate(entry.sources):
                rows = slice(k * n_rows, (k + 1) * n_rows) if entry.shape else slice(None)
                regions[source] = _Region(name, rows, entry.is_transposed)
    return regions


def _prefixes(name: str, known: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Prefixes to take off a name and to put on instead, by which the base has it; the shortest first."""
    parts = name.split(".")
    n_outside = next((k for k, part in enumerate(parts) if part.isdigit()), len(parts) - 1)
    for n_off in range(min(_DEEPEST, max(n_outside - 1, 0)) + 1):
        taken_off = "".join(f"{part}." for part in parts[:n_off])
        rest = name.removeprefix(taken_off)
        for other in known:
            if other == rest or other.endswith(f".{rest}"):
                yield taken_off, other.removesuffix(rest)


def _moved(name: str, taken_off: str, put_on: str) -> str:
    return put_on + name.removeprefix(taken_off)


def _lacking(
    needed: list[str], regions: Mapping[str, object], ways: list[tuple[str, str]], where: str
) -> str:
    taken_off, put_on = ways[0] if ways else ("", "")
    absent = next((name for name in needed if _moved(name, taken_off, put_on) not in regions), needed[0])
    return (
        f"{where} is an adapter that changes '{absent}', which the base has not; give the base that it was "
        "trained on."
    )
