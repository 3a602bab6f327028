import pytest
import torch
from safetensors.torch import save_file

from analysis.errors import MismatchError
from app.work.jobs import JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file


def opened(folder, base, task, task_file="task.pt", more=""):
    torch.save(base, folder / "base.pt")
    if task_file.endswith(".pt"):
        torch.save(task, folder / task_file)
    else:
        save_file(task, folder / task_file)
    (folder / "zoo.toml").write_text(
        f"name = 'A'\n{more}[base]\ncheckpoint = 'base.pt'\n"
        f"[[tasks]]\nname = 'a'\ncheckpoint = '{task_file}'\n"
    )
    return zoo_weights(read_zoo_file(folder), JobContext(), device=torch.device("cpu"))


def tied(value, prefix=""):
    """A model whose head is its embedding, as a state dict with both names on one storage."""
    return {f"{prefix}embed.weight": value, f"{prefix}norm": torch.ones(3), f"{prefix}head.weight": value}


def test_a_weight_that_is_tied_on_both_sides_counts_once(tmp_path):
    found = opened(tmp_path, tied(torch.ones(4, 3)), tied(torch.full((4, 3), 2.0)))

    assert list(found.task_vectors.layout.by_name) == ["embed.weight", "norm"]
    assert found.task_vectors.deltas.sum() == 12


def test_a_task_that_keeps_the_other_name_of_a_tied_weight_meets_it(tmp_path):
    value = torch.full((4, 3), 2.0)

    found = opened(
        tmp_path, tied(torch.ones(4, 3)), {"head.weight": value, "norm": torch.ones(3)}, "a.safetensors"
    )

    assert found.task_vectors.deltas.sum() == 12
    assert not any("lack" in warning or "left out" in warning for warning in found.warnings)


def test_a_prefix_in_front_of_both_names_is_no_difference(tmp_path):
    task = {name: value.clone() for name, value in tied(torch.full((4, 3), 2.0), "net.").items()}

    found = opened(tmp_path, tied(torch.ones(4, 3)), task)

    assert found.task_vectors.deltas.sum() == 12
    assert not any("lacks" in warning for warning in found.warnings)


def test_a_task_that_unties_the_weight_is_told(tmp_path):
    task = tied(torch.ones(4, 3)) | {"head.weight": torch.zeros(4, 3)}

    found = opened(tmp_path, tied(torch.ones(4, 3)), task)

    assert found.warnings[0] == (
        "Task 'a': 'head.weight' is one tensor with 'embed.weight' in the base and another here; it is left "
        "out."
    )


def test_masks_and_tables_are_carried_and_not_merged(tmp_path):
    base = {"h.0.attn.masked_bias": torch.tensor(-1e4), "h.0.attn.c_proj.weight": torch.ones(3, 3)}
    task = {"h.0.attn.masked_bias": torch.tensor(-1e9), "h.0.attn.c_proj.weight": torch.zeros(3, 3)}

    found = opened(tmp_path, base, task)

    assert found.carried == ("h.0.attn.masked_bias",)
    assert found.task_vectors.layout.n_weights == 9


def test_old_and_new_names_of_a_norm_are_one(tmp_path):
    old, new = (
        {f"bert.embeddings.LayerNorm.{name}": torch.full((3,), value) for name, value in values.items()}
        for values in ({"gamma": 1.0, "beta": 2.0}, {"weight": 1.5, "bias": 2.0})
    )

    found = opened(tmp_path, old, new)

    assert found.task_vectors.deltas.tolist() == [[0.5, 0.5, 0.5, 0.0, 0.0, 0.0]]


def vocabulary(n_rows, value):
    return {
        "model.embed_tokens.weight": torch.full((n_rows, 3), value),
        "model.norm.weight": torch.ones(40),
        "lm_head.weight": torch.full((n_rows, 3), value + 10),
    }


def test_vocabularies_of_two_sizes_are_refused_with_both(tmp_path):
    told = r"'model\.embed_tokens\.weight', 'lm_head\.weight' has 6 rows, the base has 4"

    with pytest.raises(MismatchError, match=told):
        opened(tmp_path, vocabulary(4, 1.0), vocabulary(6, 2.0))


@pytest.mark.parametrize(("n_rows", "n_merged"), [(6, 4), (3, 3)])
def test_the_rows_that_both_have_are_merged_where_the_zoo_asks_for_it(tmp_path, n_rows, n_merged):
    found = opened(tmp_path, vocabulary(4, 1.0), vocabulary(n_rows, 2.0), more="vocabulary = 'shared'\n")

    vectors = found.task_vectors
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        update = vectors.layout.view(vectors.deltas[0], name)
        assert update[:n_merged].eq(1).all()
        assert update[n_merged:].eq(0).all()
    assert found.warnings[0] == (
        f"Task 'a': Of 'model.embed_tokens.weight' the first {n_merged} rows are merged: it has {n_rows}, "
        "the base 4."
    )


@pytest.mark.parametrize("prefix", ["", "net."])
def test_a_weight_whose_name_ends_like_a_tied_one_is_a_weight_of_its_own(tmp_path, prefix):
    more = {"decoder.head.weight": torch.ones(2, 3)}
    task = {name: value * 3 for name, value in (tied(torch.ones(4, 3)) | more).items()}

    found = opened(
        tmp_path, tied(torch.ones(4, 3)) | more, {f"{prefix}{name}": value for name, value in task.items()}
    )

    vectors = found.task_vectors
    assert vectors.layout.view(vectors.deltas[0], "decoder.head.weight").eq(2).all()
    assert not any("lack" in warning for warning in found.warnings)
