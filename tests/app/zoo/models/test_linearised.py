import pytest
import torch
from safetensors.torch import load_file

from analysis.errors import MismatchError
from app.bench.bench_setup import evaluation_setup
from app.bench.measuring.zoo_history import zoo_history
from app.work.jobs import JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
from cache.store import Store
from tests.zoo_on_disk import write_zoo

CPU = torch.device("cpu")


@pytest.fixture
def zoo(tmp_path):
    """A small zoo whose tasks became linearised checkpoints of the same update."""
    folder = write_zoo(tmp_path / "zoo")
    base = load_file(folder / "base.safetensors")
    names = sorted(base)
    torch.save({name: base[name] for name in names}, folder / "base.pt")
    for task in ("shallow", "deep", "everywhere"):
        own = load_file(folder / f"{task}.safetensors")
        linear(folder / f"{task}.pt", names, base, own)
    text = (folder / "zoo.toml").read_text()
    for name in ("base", "shallow", "deep", "everywhere"):
        text = text.replace(f"{name}.safetensors'", f"{name}.pt'")
    (folder / "zoo.toml").write_text(text)
    return folder


def linear(path, names, base, own):
    state = {f"model.params.{k}": own[name].clone() for k, name in enumerate(names)}
    state |= {f"model.params0.{k}": base[name] for k, name in enumerate(names)}
    torch.save(state | {"model_name": "ViT-B-32"}, path)


def opened(folder):
    return zoo_weights(read_zoo_file(folder), JobContext(), device=CPU)


def test_the_task_vector_is_what_training_added_in_the_bases_own_names(zoo, tmp_path):
    ordinary = opened(write_zoo(tmp_path / "ordinary"))

    found = opened(zoo)

    for task in ordinary.task_vectors.tasks:
        for name in ordinary.task_vectors.layout.by_name:
            rows = (one.task_vectors.deltas[one.task_vectors.tasks.index(task)] for one in (ordinary, found))
            views = [
                one.task_vectors.layout.view(row, name)
                for one, row in zip((ordinary, found), rows, strict=True)
            ]
            assert torch.equal(*views)
    assert found.is_linearised
    assert not ordinary.is_linearised
    assert "those of the model of first order" in found.warnings[0]


def test_what_the_zoo_states_decides_how_it_is_evaluated_and_keeps_the_results_apart(zoo, tmp_path):
    text = (zoo / "zoo.toml").read_text()
    prints = {}
    for stated in ("", "linearised = true\n", "linearised = false\n"):
        (zoo / "zoo.toml").write_text(text.replace("[encoder]\n", f"[encoder]\n{stated}"))
        found = opened(zoo)
        setup = evaluation_setup(found, device=CPU, check=lambda: None)
        store = Store.open(tmp_path / f"store{len(prints)}")
        history, _ = zoo_history(store, found, setup, device=CPU, takes_shipped=False)
        prints[stated] = history.fingerprint
        store.close()
        assert found.is_linearised == ("false" not in stated)
        if "false" in stated:
            assert "shallow, deep, everywhere were trained as linearised models" in found.warnings[0]

    automatic, yes, no = prints.values()
    assert automatic == yes != no


def test_a_file_of_another_base_is_refused(zoo):
    base = load_file(zoo / "base.safetensors")
    names = sorted(base)
    other = {name: value + 1 for name, value in base.items()}
    linear(zoo / "deep.pt", names, other, other)

    with pytest.raises(MismatchError, match="Task 'deep' is a linearised model of another base"):
        opened(zoo)


def test_a_base_in_another_order_is_refused(zoo):
    base = load_file(zoo / "base.safetensors")
    torch.save({name: base[name] for name in sorted(base, reverse=True)}, zoo / "base.pt")

    with pytest.raises(
        MismatchError, match=r"'shallow' is a linearised model whose 'model\.params.*has shape"
    ):
        opened(zoo)


def test_a_file_with_a_weight_more_or_less_is_refused(zoo):
    base = load_file(zoo / "base.safetensors")
    names = sorted(base)
    linear(zoo / "deep.pt", [*names, names[0]], base, base)
    with pytest.raises(MismatchError, match=f"of {len(names) + 1} weights; the base has {len(names)}"):
        opened(zoo)
    linear(zoo / "deep.pt", names[:-1], base, base)
    with pytest.raises(MismatchError, match="is missing"):
        opened(zoo)


def test_a_linearised_base_has_no_names(zoo):
    base = load_file(zoo / "base.safetensors")
    linear(zoo / "base.pt", sorted(base), base, base)

    with pytest.raises(MismatchError, match="give the ordinary checkpoint as base"):
        opened(zoo)
