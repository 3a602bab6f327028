from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from safetensors.torch import load_file, save_file

from analysis.errors import AnalysisError, MismatchError
from app.errors import ZooError
from app.work.jobs import JobCancelled, JobContext
from app.zoo.opening import zoo_weights
from app.zoo.room import memory_budget
from app.zoo.zoo_file import read_zoo_file
from cache.errors import MissingFileError
from cache.fingerprints import combined, file_fingerprint
from tests.peak_memory import added_at_peak
from tests.zoo_on_disk import TASKS, write_zoo

CPU = torch.device("cpu")


def opened(folder, context=None):
    return zoo_weights(read_zoo_file(folder), context or JobContext(), device=CPU)


def rewritten(folder, name, **changed):
    path = folder / f"{name}.safetensors"
    save_file({**load_file(path), **changed}, path)


def test_task_vectors_are_what_fine_tuning_added(tmp_path):
    zoo = opened(write_zoo(tmp_path))
    base, deep = (load_file(tmp_path / f"{name}.safetensors") for name in ("base", "deep"))

    vectors = zoo.task_vectors
    assert vectors.tasks == ("shallow", "deep", "everywhere")
    for name in base:
        assert torch.equal(vectors.layout.view(vectors.theta_0, name), base[name])
        assert torch.equal(vectors.layout.view(vectors.deltas[1], name), deep[name] - base[name])


def test_each_task_changed_what_its_story_states(tmp_path):
    vectors = opened(write_zoo(tmp_path)).task_vectors
    layers = [
        {p.layer for p in vectors.layout.parameters if vectors.deltas[row, p.start : p.stop].any()}
        for row in range(3)
    ]

    assert layers == [{0}, {2}, {0, 1, 2, None}]
    assert [
        name for name, moved in zip(vectors.layout.by_name, vectors.changed, strict=True) if not moved
    ] == [
        "logit_scale",
        "token_embedding.weight",
    ]


@pytest.mark.parametrize(
    "others",
    [{"file_format": "pt"}, {"prefix": "model."}, {"int_buffer": True}],
    ids=lambda one: next(iter(one)),
)
def test_same_weights_in_another_dress_are_the_same_zoo(tmp_path, others):
    plain, dressed = opened(write_zoo(tmp_path / "a")), opened(write_zoo(tmp_path / "b", **others))

    one, other = plain.task_vectors, dressed.task_vectors
    for name in one.layout.by_name:
        assert torch.equal(one.layout.view(one.theta_0, name), other.layout.view(other.theta_0, name))
        assert torch.equal(one.layout.view(one.deltas[2], name), other.layout.view(other.deltas[2], name))


def test_tensors_that_are_no_floats_are_carried(tmp_path):
    assert opened(write_zoo(tmp_path / "a", int_buffer=True)).carried == ("visual.position_ids",)
    assert opened(write_zoo(tmp_path / "b")).carried == ()


def test_half_precision_is_widened_before_it_is_subtracted(tmp_path):
    vectors = opened(write_zoo(tmp_path, dtype=torch.float16)).task_vectors
    base, deep = (load_file(tmp_path / f"{name}.safetensors") for name in ("base", "deep"))

    name = "visual.transformer.resblocks.2.mlp.c_fc.weight"
    assert vectors.deltas.dtype == torch.float32
    assert torch.equal(vectors.layout.view(vectors.deltas[1], name), deep[name].float() - base[name].float())


def test_facts_of_each_checkpoint_are_gathered(tmp_path):
    zoo = opened(write_zoo(tmp_path, dtype=torch.float16, int_buffer=True))

    base, shallow, *_ = zoo.checkpoints
    assert [facts.name for facts in zoo.checkpoints] == ["base", "shallow", "deep", "everywhere"]
    assert (base.relative_norm, base.format) == (None, "safetensors")
    assert base.dtypes == f"{len(zoo.task_vectors.layout.parameters)} float16, 1 int64"
    assert base.n_bytes == (tmp_path / "base.safetensors").stat().st_size
    assert shallow.relative_norm == zoo.plausibility.relative_norms[0]


@pytest.mark.parametrize("name", ["base", "Base", "all", "mean", "None", "1", "tasks", "__metadata__"])
def test_task_may_be_called_as_anything_else_is(tmp_path, name):
    folder = write_zoo(tmp_path)
    plain = opened(folder)
    text = (folder / "zoo.toml").read_text("utf-8")
    (folder / "zoo.toml").write_text(text.replace("name = 'shallow'", f"name = '{name}'"), "utf-8")

    zoo = opened(folder)

    base, first, *_ = zoo.checkpoints
    assert (base.task, base.name, first.task, first.name) == (None, "base", name, name)
    assert [facts.digest for facts in zoo.checkpoints] == [facts.digest for facts in plain.checkpoints]
    assert sorted(zoo.digests.values()) == sorted(plain.digests.values())
    assert zoo.fingerprint != plain.fingerprint


def test_fingerprint_of_a_zoo_is_the_one_that_its_history_is_kept_under(tmp_path):
    zoo = opened(write_zoo(tmp_path))

    assert zoo.fingerprint == combined(
        {
            name: file_fingerprint(tmp_path / f"{name}.safetensors")
            for name in ("base", "shallow", "deep", "everywhere")
        }
    )


def test_fingerprint_follows_the_weights_and_their_tasks(tmp_path):
    same = [opened(write_zoo(tmp_path / name)).fingerprint for name in ("a", "b")]
    others = [
        opened(write_zoo(tmp_path / "c", seed=1)).fingerprint,
        opened(write_zoo(tmp_path / "d", tasks=["deep", "shallow"])).fingerprint,
    ]

    assert Counter([*same, *others]).most_common(1) == [(same[0], 2)]


def test_opening_reports_every_file_and_can_be_stopped_before_each_and_while_it_compares(tmp_path):
    file = read_zoo_file(write_zoo(tmp_path))
    files, columns_in_scope = 4, 1
    for stop in range(files + columns_in_scope):
        context = Stopping(stop)
        with pytest.raises(JobCancelled):
            zoo_weights(file, context, device=CPU)
    context = Stopping(-1)
    zoo_weights(file, context, device=CPU)

    notes = ["Reading the base", *(f"Reading '{task}'" for task in ("shallow", "deep", "everywhere"))]
    assert context.notes == [
        *zip([0, 0.25, 0.5, 0.75], notes, strict=True),
        (None, "Comparing the tasks"),
    ]


class Stopping(JobContext):
    def __init__(self, after):
        super().__init__()
        self.left, self.notes = after, []

    def check(self):
        self.cancelled = self.left == 0
        self.left -= 1
        super().check()

    def report(self, fraction, note="", *, seconds_left=None):
        self.notes.append((fraction, note))


def test_task_with_another_shape_is_refused_by_name(tmp_path):
    rewritten(write_zoo(tmp_path), "deep", **{"visual.proj": torch.zeros(16, 9)})

    with pytest.raises(MismatchError, match=r"Task 'deep': 'visual.proj' has shape \(16, 9\), the base has"):
        opened(tmp_path)


def test_tensor_that_one_task_alone_has_is_left_out_and_told(tmp_path):
    plain = opened(write_zoo(tmp_path / "plain"))
    rewritten(write_zoo(tmp_path / "more"), "deep", **{"classifier.weight": torch.zeros(1)})

    zoo = opened(tmp_path / "more")

    assert torch.equal(zoo.task_vectors.deltas, plain.task_vectors.deltas)
    assert zoo.warnings == (
        "Task 'deep' has 1 tensor that the base lacks (head: classifier.weight); they are left out.",
    )


def test_averaged_weights_beside_the_raw_ones_are_told(tmp_path):
    folder = write_zoo(tmp_path, file_format="pt")
    weights = torch.load(folder / "deep.pt")
    torch.save({"model": weights, "ema": weights}, folder / "deep.pt")

    (warning, *_) = opened(folder).warnings

    assert warning == (
        "Task 'deep': Weights were taken from 'model'; other weights lie under 'ema'. If those are "
        "meant, write '#ema' behind the file's name."
    )


def test_tensor_that_one_task_lacks_counts_as_unchanged_there_and_is_told(tmp_path):
    plain = opened(write_zoo(tmp_path / "plain")).task_vectors
    file = write_zoo(tmp_path / "less") / "everywhere.safetensors"
    save_file({name: value for name, value in load_file(file).items() if name != "visual.proj"}, file)

    zoo = opened(tmp_path / "less")

    place = plain.layout.by_name["visual.proj"]
    expected = plain.deltas.clone()
    assert expected[2, place.start : place.stop].any()
    expected[2, place.start : place.stop] = 0
    assert torch.equal(zoo.task_vectors.deltas, expected)
    assert zoo.warnings == (
        "Task 'everywhere' lacks 1 tensor of the base (vision tower: visual.proj); they count as unchanged.",
    )


@pytest.mark.parametrize("prefix", ["module.", "net.", "image_encoder.", "model.module.", "a.b.c."])
@pytest.mark.parametrize("of", ["all", "base", "tasks"])
def test_prefix_on_any_side_gives_the_same_task_vectors(tmp_path, prefix, of):
    plain = opened(write_zoo(tmp_path / "plain")).task_vectors
    folder = write_zoo(tmp_path / "wrapped")
    for name in {"all": ["base", *TASKS], "base": ["base"], "tasks": TASKS}[of]:
        file = folder / f"{name}.safetensors"
        save_file({prefix + key: value for key, value in load_file(file).items()}, file)

    zoo = opened(folder)

    assert zoo.warnings == ()
    assert [place.name for place in zoo.task_vectors.layout.parameters] == [
        place.name for place in plain.layout.parameters
    ]
    assert torch.equal(zoo.task_vectors.deltas, plain.deltas)


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
@pytest.mark.parametrize(("name", "whose"), [("base", "The base"), ("everywhere", "Task 'everywhere'")])
def test_weight_that_is_not_finite_is_refused_by_name(tmp_path, name, whose, value):
    rewritten(write_zoo(tmp_path), name, **{"visual.ln_post.bias": torch.full((16,), value)})

    with pytest.raises(AnalysisError, match=rf"{whose}: 'visual.ln_post.bias' holds NaN or infinite"):
        opened(tmp_path)


def test_missing_checkpoint_is_refused_by_name(tmp_path):
    (write_zoo(tmp_path) / "deep.safetensors").unlink()

    with pytest.raises(MissingFileError, match=r"deep.safetensors' cannot be read"):
        opened(tmp_path)


def test_base_without_floats_is_refused(tmp_path):
    save_file({"steps": torch.arange(3)}, write_zoo(tmp_path) / "base.safetensors")

    with pytest.raises(ZooError, match=r"'base.safetensors' holds no float weights"):
        opened(tmp_path)


def test_zoo_larger_than_the_memory_available_is_refused_before_it_is_read(tmp_path, monkeypatch):
    file = read_zoo_file(write_zoo(tmp_path))
    too_little = memory_budget(file, CPU).needed - 1
    monkeypatch.setattr("app.zoo.room.memory_available", lambda: too_little)
    context = Stopping(9)

    with pytest.raises(
        ZooError,
        match=r"'Tiny zoo' needs 0.0 GB of memory; 0.0 GB of .* are available, and other open zoos use some",
    ):
        zoo_weights(file, context, device=CPU)

    assert not context.notes


def test_budget_is_known_from_headers(tmp_path):
    file = read_zoo_file(write_zoo(tmp_path, dtype=torch.float16))

    budget = memory_budget(file, CPU)

    n_weights = opened(tmp_path).task_vectors.layout.n_weights
    assert budget.needed == (3 + 3) * 4 * n_weights
    assert budget.on_device
    assert 0 < budget.available <= budget.machine


def test_opening_for_work_holds_no_more_than_base_task_vectors_merged_weights_and_a_little():
    n_weights, n_tasks = 80_000_000, 1  # one vector more than allowed, 320 MB, would show
    setup = """
from pathlib import Path
from app.work.jobs import JobContext
from app.bench.workbenches import Workbenches
from cache.store import Store
"""
    with TemporaryDirectory() as folder:  # not tmp_path, which pytest keeps: this one is 320 MB
        write_large_zoo(Path(folder), n_weights, n_tasks)
        work = f"""
store = Store.open(Path({folder!r}) / "store")
bench = Workbenches(store).open(Path({folder!r}), JobContext(), device="cpu")
store.close()
"""
        added = added_at_peak(setup, work)

    assert (n_tasks + 2) * 4 * n_weights < added <= (n_tasks + 2) * 4 * n_weights + 300_000_000


def write_large_zoo(folder, n_weights, n_tasks):
    tasks = "abc"[:n_tasks]
    for seed, name in enumerate(["base", *tasks]):
        values = torch.empty(8, n_weights // 8).uniform_(generator=torch.Generator().manual_seed(seed)).half()
        save_file({f"blocks.{row}.weight": values[row] for row in range(8)}, folder / f"{name}.safetensors")
    listed = "".join(f"[[tasks]]\nname = '{name}'\ncheckpoint = '{name}.safetensors'\n" for name in tasks)
    (folder / "zoo.toml").write_text(f"name = 'Large'\n[base]\ncheckpoint = 'base.safetensors'\n{listed}")
