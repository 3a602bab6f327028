import json

import pytest
import torch
from click.testing import CliRunner

from app.__main__ import commands
from app.errors import ZooError
from app.work.jobs import JobContext
from app.zoo.building.fusion_bench import read_pool
from app.zoo.building.proposal import proposal
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
from tests.zoo_layouts import adapters, hugging_face, pictures, saved


def pool(path, **parts):
    """A model pool; JSON is YAML too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"_target_": "fusion_bench.modelpool.CLIPVisionModelPool", **parts}
    path.write_text(json.dumps(document))
    return path


def test_a_pool_becomes_a_zoo_in_the_folder_where_its_paths_begin(tmp_path):
    hugging_face(tmp_path / "models", tasks=("clip_mnist", "clip_svhn"))
    pictures(tmp_path / "data" / "mnist")
    path = pool(
        tmp_path / "config" / "modelpool" / "two.yaml",
        models={"_pretrained_": "models/clip", "mnist": "models/clip_mnist", "svhn": "models/clip_svhn"},
        test_datasets={"mnist": {"_target_": "datasets.load_dataset", "path": "data/mnist", "split": "test"}},
    )

    result = CliRunner().invoke(commands, ["import", str(path)])

    assert result.exit_code == 0, result.output
    file = read_zoo_file(tmp_path)
    assert file.name == "two"
    assert file.base_checkpoint == tmp_path / "models" / "clip"
    assert [dict(task.eval_sets) for task in file.tasks] == [{"test": str(tmp_path / "data" / "mnist")}, {}]
    assert zoo_weights(file, JobContext(), device=torch.device("cpu")).task_vectors.deltas.any()


def test_adapters_are_taken_from_the_arguments_of_their_loader(tmp_path):
    adapters(tmp_path)
    folders = sorted(one.name for one in tmp_path.iterdir() if (one / "adapter_config.json").exists())
    base = next(one.name for one in tmp_path.iterdir() if one.name not in folders)
    loader = "fusion_bench.models.linearized.vision_model.load_lora_vision_model_hf"
    models = {
        name: {"_target_": loader, "base_model_name": base, "peft_name": name, "merge_and_unload": True}
        for name in folders
    }

    found = read_pool(pool(tmp_path / "pool.yaml", models={"_pretrained_": base, **models}))

    assert [str(task.checkpoint) for task in found.parts.tasks] == folders


def test_references_are_followed_from_the_top_and_from_above(tmp_path):
    for name in ("zeroshot", "a", "b"):
        saved(tmp_path / "weights" / f"{name}.pt")
    path = pool(
        tmp_path / "pool.yaml",
        folder="weights/",
        deeper={"folder": "${folder}"},
        models={
            "_pretrained_": {"model_name": "ViT-B-32", "pickle_path": "${...folder}zeroshot.pt"},
            "a": {"model_name": "ViT-B-32", "pickle_path": "${deeper.folder}a.pt"},
            "b": {"own": "weights", "pickle_path": "${.own}/b.pt"},
        },
    )

    found = read_pool(path)

    assert str(found.parts.base) == "weights/zeroshot.pt"
    assert [str(task.checkpoint) for task in found.parts.tasks] == ["weights/a.pt", "weights/b.pt"]
    assert found.parts.encoder == "ViT-B-32-quickgelu"


@pytest.mark.parametrize("reference", ["${nowhere}", "${models.a}", "${models}", "${....x}"])
def test_references_that_lead_nowhere_or_in_circles_are_said(tmp_path, reference):
    saved(tmp_path / "base.pt")
    path = pool(tmp_path / "pool.yaml", models={"_pretrained_": "base.pt", "a": reference})

    with pytest.raises(ZooError, match=r"which stands nowhere in it|lead to one another"):
        read_pool(path)


def test_what_code_would_make_is_named_and_costs_its_task(tmp_path):
    for name in ("base", "a"):
        saved(tmp_path / f"{name}.pt")
    path = pool(
        tmp_path / "pool.yaml",
        models={
            "_pretrained_": "base.pt",
            "a": "a.pt",
            "b": {"_target_": "os.system", "command": "touch ran", "path": "a.pt"},
            "c": "c.pt",
            "d": ["a.pt"],
        },
        test_datasets={"a": {"_target_": "subprocess.run", "path": "a.pt"}},
    )

    found = read_pool(path)

    assert [task.name for task in found.parts.tasks] == ["a"]
    assert "made by os.system, which is code and is not run" in found.aside["b"]
    assert "'c.pt', the model of 'c', is not in" in found.aside["c"]
    assert "'d' in 'pool.yaml' states no path" in found.aside["d"]
    assert "subprocess.run" in found.aside["test_datasets of a"]
    assert found.parts.tasks[0].images == {}


def test_models_of_the_hub_are_taken_from_its_cache(tmp_path, monkeypatch):
    hub = tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(hub))
    for seed, name in enumerate(("org--base", "org--fine")):
        folder = hub / f"models--{name}"
        saved(folder / "snapshots" / "1a2b" / "pytorch_model.bin", seed)
        (folder / "refs").mkdir()
        (folder / "refs" / "main").write_text("1a2b")
    models = {"_pretrained_": "org/base", "fine": "org/fine", "other": "org/other"}
    path = pool(
        tmp_path / "pool" / "pool.yaml", models=models, defaults=[{"/dataset@test_datasets": ["mnist"]}]
    )

    found = proposal(path)

    assert found.parts is not None
    assert [str(task.checkpoint) for task in found.parts.tasks] == ["hf:org/fine"]
    assert "python -m app download hf:org/other" in found.files.aside["other"]
    assert "takes /dataset@test_datasets from Hydra's defaults" in found.parts.notes[0]
    result = CliRunner().invoke(commands, ["import", str(path), "-o", str(tmp_path / "zoo")])
    assert result.exit_code == 0, result.output
    assert 'checkpoint = "hf:org/fine"' in (tmp_path / "zoo" / "zoo.toml").read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no model pool of FusionBench"),
        ("- 1", "is no model pool of FusionBench"),
        ("models: {a: b}", "is no model pool of FusionBench"),
        ("_target_: os.system\nmodels: {_pretrained_: a}", "is no model pool of FusionBench"),
        ("_target_: fusion_bench.modelpool.X\nmodels: {a: b}", "names no _pretrained_"),
        (
            "_target_: fusion_bench.modelpool.X\nmodels: {_pretrained_: nowhere.pt}",
            "is neither beside it nor",
        ),
        (
            "_target_: fusion_bench.modelpool.X\nmodels: {_pretrained_: !!python/object:os.system {}}",
            "not valid",
        ),
        ("a: [", "'pool.yaml' is not valid YAML"),
        ("a: 1\na: 2", "'pool.yaml' gives 'a' twice"),
    ],
)
def test_other_files_are_refused_in_one_sentence(tmp_path, text, message):
    (tmp_path / "pool.yaml").write_text(text)

    with pytest.raises(ZooError, match=message):
        read_pool(tmp_path / "pool.yaml")
