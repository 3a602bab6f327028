import torch
from safetensors.torch import load_file, save_file

from app.work.jobs import JobContext
from tests.zoo_on_disk import write_zoo


def renamed(folder):
    """A zoo whose checkpoints agree with one another, and not with the encoder."""
    for path in folder.glob("*.safetensors"):
        tensors = load_file(path)
        if "visual.proj" in tensors:
            save_file({name.replace("visual.", "tower."): tensor for name, tensor in tensors.items()}, path)
    return folder


def test_checkpoints_that_do_not_fit_the_encoder_cost_accuracy_alone(benches, tmp_path):
    bench = benches.open(renamed(write_zoo(tmp_path / "zoo")), JobContext(), device="cpu")

    assert bench.setup.encoder is None
    assert "which the checkpoint lacks" in bench.setup.skipped["val"]["deep"]
    assert any(warning.startswith("Nothing can be evaluated: ") for warning in bench.warnings)
    assert torch.isfinite(bench.engine.theta).all()


def test_checkpoints_that_fit_are_evaluated(bench):
    assert bench.setup.encoder is not None
    assert bench.largest_sample("val") > 0
