import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import save

from app.__main__ import commands
from app.cli.hub_download import fetch_model, hub_files
from app.errors import ZooError
from app.zoo.models.hub_models import hub_model
from cache.checkpoints import open_checkpoint
from tests.hub_server import COMMIT, hub_server

WEIGHTS = save({"weight": torch.arange(6.0)})
MODELS = {
    "org/both": {
        "model.safetensors": WEIGHTS,
        "pytorch_model.bin": b"the same",
        "config.json": b"{}",
        "preprocessor_config.json": b"{ }",
        "README.md": b"words",
        "onnx/model.onnx": b"others",
    },
    "org/old": {"pytorch_model.bin": b"PK", "config.json": b"{}"},
    "org/words": {"README.md": b"words", "config.json": b"{}"},
    "org/odd": {"../../escaped.safetensors": WEIGHTS, ".hidden.safetensors": WEIGHTS},
}


@pytest.fixture
def hub(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with hub_server(MODELS) as (address, asked):
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield asked


def test_weights_are_fetched_once_and_found_by_their_name(hub):
    files = hub_files("hf:org/both")
    assert dict(files.sizes) == {
        name: len(MODELS["org/both"][name])
        for name in ("model.safetensors", "config.json", "preprocessor_config.json")
    }
    assert files.commit == COMMIT

    fetch_model("hf:org/both", files)

    found = hub_model("hf:org/both")
    assert found is not None
    assert {path.name for path in found.snapshot.iterdir()} == set(files.sizes)
    assert torch.equal(open_checkpoint(found.snapshot).read("weight"), torch.arange(6.0))
    fetched = [path for path in hub if "/resolve/" in path]
    assert len(fetched) == 3
    fetch_model("hf:org/both", files)
    assert [path for path in hub if "/resolve/" in path] == fetched


def test_a_model_without_safetensors_is_fetched_as_torch_saved_it(hub):
    assert set(hub_files("hf:org/old").sizes) == {"pytorch_model.bin", "config.json"}


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("hf:org/words", "has no weights on the Hub that are read here"),
        ("hf:org/odd", "has no weights on the Hub that are read here"),
        ("hf:org/nothing", "'hf:org/nothing' cannot be downloaded"),
        ("org/both", "is no model of the Hugging Face Hub"),
        ("hf:../both", "is no model of the Hugging Face Hub"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(hub, reference, message):
    with pytest.raises(ZooError, match=message):
        hub_files(reference)


def test_a_hub_that_does_not_answer_is_said(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    with pytest.raises(ZooError, match="'hf:org/both' cannot be downloaded"):
        hub_files("hf:org/both")


def test_the_command_states_the_size_and_fetches_unless_it_is_asked_alone(hub):
    first = CliRunner().invoke(commands, ["download", "hf:org/both", "--dry-run"])

    assert first.exit_code == 0, first.output
    assert first.output == f"org/both at {COMMIT[:12]}: 3 files, 0.0 MB\n"
    with pytest.raises(ZooError, match="python -m app download hf:org/both"):
        hub_model("hf:org/both")

    second = CliRunner().invoke(commands, ["download", "hf:org/both"])

    assert second.exit_code == 0, second.output
    assert hub_model("hf:org/both") is not None
