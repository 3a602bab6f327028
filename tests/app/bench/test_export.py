import json
from contextlib import closing

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from analysis.merge.recipe import Recipe
from app.bench.export import export_merged
from app.bench.workbenches import Workbenches
from app.errors import ZooError
from app.words.recipe_text import recipe_from_yaml
from app.work.jobs import JobCancelled, JobContext
from cache.errors import CacheError
from cache.store import Store
from tests.hugging_face_clip import as_hugging_face
from tests.zoo_on_disk import write_zoo


def recipe(bench, **given):
    return Recipe.from_mapping({"scaling": 0.5, **given}, tasks=bench.tasks)


def exported(bench, path, **others):
    return load_file(export_merged(bench, recipe(bench), path, JobContext(), **others))


def test_file_holds_the_merged_weights_under_the_bases_names(bench, zoo, tmp_path):
    tensors = exported(bench, tmp_path / "out.safetensors")

    base = load_file(zoo / "base.safetensors")
    tasks = [load_file(zoo / f"{task}.safetensors") for task in bench.tasks]
    assert tensors.keys() == base.keys()
    for name, merged in tensors.items():
        expected = base[name] + 0.5 * sum(task[name] - base[name] for task in tasks)
        torch.testing.assert_close(merged, expected, rtol=0, atol=1e-6)


def test_prefix_and_tensors_that_are_no_floats_survive(benches, tmp_path):
    folder = write_zoo(tmp_path / "zoo", prefix="model.", int_buffer=True, file_format="pt")
    bench = benches.open(folder, JobContext(), device="cpu")

    tensors = exported(bench, tmp_path / "out.safetensors")

    assert tensors["model.visual.position_ids"].tolist() == list(range(17))
    assert tensors.keys() == torch.load(folder / "base.pt", weights_only=True).keys()


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("float32", torch.float32),
        ("base", torch.float16),
        ("float16", torch.float16),
        ("bfloat16", torch.bfloat16),
    ],
)
def test_weights_are_written_in_the_type_asked_for(benches, tmp_path, dtype, expected):
    bench = benches.open(write_zoo(tmp_path / "zoo", dtype=torch.float16), JobContext(), device="cpu")

    tensors = exported(bench, tmp_path / "out.safetensors", dtype=dtype)

    assert {tensor.dtype for tensor in tensors.values()} == {expected}
    name = "visual.proj"
    merged = bench.zoo.task_vectors.layout.view(bench.engine.theta, name)
    assert torch.equal(tensors[name], merged.to(expected))


def test_file_states_what_it_is(bench, tmp_path):
    path = export_merged(bench, recipe(bench), tmp_path / "out.safetensors", JobContext())

    with safe_open(path, framework="pt") as file:
        said = file.metadata()
    assert recipe_from_yaml(said["recipe"], tasks=bench.tasks) == recipe(bench)
    assert (said["zoo"], said["dtype"], said["format"]) == ("Tiny zoo", "float32", "pt")
    assert json.loads(said["fingerprints"]) == {one.name: one.digest for one in bench.zoo.checkpoints}


def test_merged_file_opens_as_a_task_of_the_same_zoo(bench, benches, tmp_path):
    folder = write_zoo(tmp_path / "zoo", tasks=["deep"])
    export_merged(bench, recipe(bench, scaling=0.0), tmp_path / "out.safetensors", JobContext())
    (tmp_path / "out.safetensors").replace(folder / "deep.safetensors")

    assert not benches.open(folder, JobContext(), device="cpu").zoo.task_vectors.deltas.any()


def test_existing_file_is_replaced_whole(bench, tmp_path):
    path = tmp_path / "out.safetensors"
    path.write_bytes(b"old")

    assert exported(bench, path).keys() == bench.zoo.base.entries.keys()
    assert [one.name for one in tmp_path.glob("*out*")] == ["out.safetensors"]


@pytest.mark.parametrize(
    ("name", "others", "message"),
    [
        ("out.pt", {}, r"'out.pt' must end in .safetensors"),
        ("none/out.safetensors", {}, r"The folder '.*none' does not exist; make it first"),
        (
            "out.safetensors",
            {"dtype": "int8"},
            r"'int8'; choose one of float32, base, float16, bfloat16",
        ),
    ],
)
def test_file_that_cannot_be_written_is_refused(bench, tmp_path, name, others, message):
    with pytest.raises(ZooError, match=message):
        export_merged(bench, recipe(bench), tmp_path / name, JobContext(), **others)


@pytest.mark.parametrize("file", ["base", "deep", "heads", "deep_val", "letters_test"])
def test_zoos_own_files_are_never_overwritten(bench, zoo, tmp_path, file):
    path = zoo / f"{file}.safetensors"
    (tmp_path / "link.safetensors").symlink_to(path)

    for target in (path, tmp_path / "link.safetensors"):
        with pytest.raises(ZooError, match="one of the zoo's own files; choose another name"):
            export_merged(bench, recipe(bench), target, JobContext())


def test_disk_that_refuses_is_reported_in_a_sentence(bench, tmp_path):
    (tmp_path / "out.safetensors").mkdir()

    with pytest.raises(CacheError, match=r"out.safetensors' cannot be written"):
        export_merged(bench, recipe(bench), tmp_path / "out.safetensors", JobContext())


def test_weights_too_large_for_the_type_are_refused_by_name(bench, tmp_path):
    steep = recipe(bench, scaling=1e6)

    with pytest.raises(ZooError, match=r"'visual.*' exceed 6.55e\+04, the largest float16. Scale"):
        export_merged(bench, steep, tmp_path / "out.safetensors", JobContext(), dtype="float16")

    assert not list(tmp_path.glob("*out*"))
    export_merged(bench, steep, tmp_path / "out.safetensors", JobContext(), dtype="bfloat16")


def test_stopped_export_leaves_no_file(bench, tmp_path):
    context = JobContext()
    context.cancelled = True

    with pytest.raises(JobCancelled):
        export_merged(bench, recipe(bench), tmp_path / "out.safetensors", context)

    assert not list(tmp_path.glob("*out*"))


def test_a_merge_of_hugging_face_models_has_their_names_again(tmp_path):
    folder = hugging_face_zoo(tmp_path)
    base = load_file(folder / "base.safetensors")

    with closing(Store.open(tmp_path / "store")) as store:
        bench = Workbenches(store).open(folder, JobContext(), device="cpu")
        merged = Recipe.from_mapping({"scaling": 0.5}, tasks=bench.tasks)
        written = load_file(export_merged(bench, merged, tmp_path / "out.safetensors", JobContext()))

    expected = {
        name: value + 0.5 * (load_file(folder / "task.safetensors")[name] - value)
        for name, value in base.items()
    }
    assert written.keys() == base.keys()
    assert all(torch.allclose(written[name], value, atol=1e-6) for name, value in expected.items())


def hugging_face_zoo(folder):
    """A CLIP model's vision tower under Hugging Face's names, and one fine-tuned from it."""
    names = {
        "visual.class_embedding": (4,),
        "visual.proj": (4, 3),
        "visual.transformer.resblocks.0.attn.in_proj_weight": (12, 4),
        "visual.transformer.resblocks.0.attn.in_proj_bias": (12,),
    }
    for seed, file in enumerate(("base", "task")):
        generator = torch.Generator().manual_seed(seed)
        tensors = {name: torch.randn(shape, generator=generator) for name, shape in names.items()}
        save_file(as_hugging_face(tensors), folder / f"{file}.safetensors")
    (folder / "zoo.toml").write_text(
        "name = 'A'\n[base]\ncheckpoint = 'base.safetensors'\n"
        "[[tasks]]\nname = 'task'\ncheckpoint = 'task.safetensors'\n"
    )
    return folder
