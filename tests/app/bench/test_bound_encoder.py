import pytest
import torch
from safetensors.torch import load_file, save_file

from analysis.merge.recipe import Recipe
from app.work.jobs import JobContext
from tests.zoo_on_disk import write_zoo


def renamed(folder, parts):
    """A zoo whose checkpoints agree with one another, with other names than the encoder's."""

    def new(name):
        for before, after in parts.items():
            name = name.replace(before, after)
        return name

    for path in folder.glob("*.safetensors"):
        tensors = load_file(path)
        if "visual.proj" in tensors:
            save_file({new(name): tensor for name, tensor in tensors.items()}, path)
    return folder


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"visual.ln_pre": "visual.ln_first"}, "'visual.ln_pre.weight', which the checkpoint lacks"),
        (
            {"visual.": "vision_model.", "transformer.resblocks": "encoder.layers"},
            "the checkpoint has Hugging Face's names. Convert the checkpoints",
        ),
    ],
)
def test_checkpoints_that_do_not_fit_the_encoder_cost_accuracy_alone(benches, tmp_path, parts, why):
    folder = renamed(write_zoo(tmp_path / "zoo"), parts)

    bench = benches.open(folder, JobContext(), device="cpu")

    assert torch.isfinite(bench.engine.theta).all()
    assert bench.setup.encoder is None
    assert why in bench.setup.skipped["val"]["deep"]
    assert any(warning.startswith("Nothing can be evaluated: ") for warning in bench.warnings)


@pytest.mark.parametrize("prefix", ["image_encoder.model.", "module.", "net."])
def test_prefix_before_an_encoder_s_names_changes_no_prediction(benches, bench, tmp_path, prefix):
    folder = write_zoo(tmp_path / "zoo", controls=["letters"])
    for path in folder.glob("*.safetensors"):
        tensors = load_file(path)
        if "visual.proj" in tensors:
            save_file({prefix + name: tensor for name, tensor in tensors.items()}, path)

    wrapped = benches.open(folder, JobContext(), device="cpu")

    recipe = Recipe.from_mapping({"scaling": 0.5}, tasks=bench.tasks)
    scores = [one.run(recipe).compute(JobContext()).tasks for one in (bench, wrapped)]
    assert scores[0] == scores[1]


def test_checkpoints_that_fit_are_evaluated(bench):
    assert bench.setup.encoder is not None
    assert bench.largest_sample("val") > 0
