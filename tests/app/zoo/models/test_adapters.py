import pytest
import torch
from safetensors.torch import save_file

from analysis.errors import MismatchError
from app.work.jobs import JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
from tests.hugging_face_clip import as_hugging_face
from tests.lora_on_disk import write_adapter


def random(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def base_of(prefix=""):
    """A model of two layers, with weights (6, 4)."""
    return {f"{prefix}layers.{k}.q_proj.weight": random(6, 4, seed=k) for k in range(2)} | {
        f"{prefix}layers.{k}.q_proj.bias": random(6, seed=9) for k in range(2)
    }


def factors(prefix="", layers=(0, 1), **more):
    found = {}
    for k in layers:
        found[f"{prefix}layers.{k}.q_proj.lora_A.weight"] = random(2, 4, seed=10 + k)
        found[f"{prefix}layers.{k}.q_proj.lora_B.weight"] = random(6, 2, seed=20 + k)
    return found | more


def task_vectors(folder, base, **adapters):
    """τ of each adapter by parameter."""
    weights = opened(folder, base, **adapters)
    vectors = weights.task_vectors
    return {
        task: {name: vectors.layout.view(row, name) for name in vectors.layout.by_name}
        for task, row in zip(vectors.tasks, vectors.deltas, strict=True)
    }


def opened(folder, base, **adapters):
    save_file(base, folder / "base.safetensors")
    tables = "".join(f"[[tasks]]\nname = '{name}'\ncheckpoint = '{name}'\n" for name in adapters)
    (folder / "zoo.toml").write_text(f"name = 'A'\n[base]\ncheckpoint = 'base.safetensors'\n{tables}")
    for name, (tensors, settings) in adapters.items():
        write_adapter(folder / name, tensors, **settings)
    return zoo_weights(read_zoo_file(folder), JobContext(), device=torch.device("cpu"))


@pytest.mark.parametrize("in_base", ["", "model.", "model.language_model."])
@pytest.mark.parametrize("in_adapter", ["", "model."])
def test_the_task_vector_is_the_scaled_product_under_any_prefix(tmp_path, in_base, in_adapter):
    found = task_vectors(tmp_path, base_of(in_base), a=(factors(in_adapter), {}))["a"]

    for k in range(2):
        expected = 8 / 2 * random(6, 2, seed=20 + k) @ random(2, 4, seed=10 + k)
        assert torch.allclose(found[f"{in_base}layers.{k}.q_proj.weight"], expected)
        assert not found[f"{in_base}layers.{k}.q_proj.bias"].any()


def test_layers_without_an_adapter_do_not_change(tmp_path):
    found = task_vectors(tmp_path, base_of(), a=(factors(layers=(1,)), {}))["a"]

    assert not found["layers.0.q_proj.weight"].any()
    assert found["layers.1.q_proj.weight"].any()


def test_a_tensor_trained_whole_counts_from_the_base(tmp_path):
    tensors = factors() | {"layers.0.q_proj.base_layer.bias": torch.zeros(6)}

    found = task_vectors(tmp_path, base_of(), a=(tensors, {}))["a"]

    assert torch.equal(found["layers.0.q_proj.bias"], -random(6, seed=9))


def test_an_adapter_lies_beside_a_whole_model(tmp_path):
    base = base_of()
    save_file({name: value + 1 for name, value in base.items()}, tmp_path / "whole.safetensors")
    save_file(base, tmp_path / "base.safetensors")
    write_adapter(tmp_path / "a", factors())
    (tmp_path / "zoo.toml").write_text(
        "name = 'A'\n[base]\ncheckpoint = 'base.safetensors'\n"
        "[[tasks]]\nname = 'whole'\ncheckpoint = 'whole.safetensors'\n"
        "[[tasks]]\nname = 'a'\ncheckpoint = 'a'\n"
    )

    vectors = zoo_weights(read_zoo_file(tmp_path), JobContext(), device=torch.device("cpu")).task_vectors

    assert torch.allclose(vectors.deltas[0], torch.ones(vectors.layout.n_weights))
    assert vectors.deltas[1].norm() > 0


def test_query_and_value_of_a_packed_weight_leave_its_key_alone(tmp_path):
    packed = {
        "visual.class_embedding": random(4),
        "visual.transformer.resblocks.0.attn.in_proj_weight": random(12, 4),
    }
    tensors = {
        f"encoder.layers.0.self_attn.{one}_proj.lora_{letter}.weight": random(*shape, seed=seed)
        for one, seed in (("q", 1), ("v", 2))
        for letter, shape in (("A", (2, 4)), ("B", (4, 2)))
    }

    found = task_vectors(tmp_path, as_hugging_face(packed), a=(tensors, {}))["a"]

    query, key, value = found["visual.transformer.resblocks.0.attn.in_proj_weight"].chunk(3)
    assert not key.any()
    assert torch.allclose(query, 4 * random(4, 2, seed=1) @ random(2, 4, seed=1))
    assert torch.allclose(value, 4 * random(4, 2, seed=2) @ random(2, 4, seed=2))


def test_a_transposed_projection_is_updated_as_the_file_has_it(tmp_path):
    packed = {
        "visual.class_embedding": random(4),
        "visual.transformer.resblocks.0.attn.in_proj_weight": random(12, 4),
        "visual.proj": random(4, 3),
    }
    tensors = {
        "visual_projection.lora_A.weight": random(2, 4, seed=1),
        "visual_projection.lora_B.weight": random(3, 2, seed=2),
    }

    found = task_vectors(tmp_path, as_hugging_face(packed), a=(tensors, {}))["a"]

    assert torch.allclose(found["visual.proj"], (4 * random(3, 2, seed=2) @ random(2, 4, seed=1)).T)


def two_towers():
    return base_of("vision_model.") | base_of("text_model.")


def test_of_two_towers_the_one_that_the_settings_name_is_meant(tmp_path):
    settings = {"auto_mapping": {"base_model_class": "CLIPVisionTransformer"}}

    found = task_vectors(tmp_path, two_towers(), a=(factors(), settings))["a"]

    assert {name for name, value in found.items() if value.any()} == {
        f"vision_model.layers.{k}.q_proj.weight" for k in range(2)
    }


def test_two_towers_that_both_fit_are_refused(tmp_path):
    with pytest.raises(MismatchError, match=r"has twice, under 'text_model\.' and under 'vision_model\.'"):
        opened(tmp_path, two_towers(), a=(factors(), {}))


def test_a_layer_that_the_base_lacks_is_named(tmp_path):
    with pytest.raises(
        MismatchError, match=r"Task 'a' is an adapter that changes 'layers\.2\.q_proj\.weight'"
    ):
        opened(tmp_path, base_of(), a=(factors(layers=(0, 2)), {}))


def test_a_factor_of_another_width_is_refused(tmp_path):
    tensors = factors() | {"layers.1.q_proj.lora_A.weight": random(2, 5)}

    with pytest.raises(MismatchError, match=r"update of 'layers\.1\.q_proj\.weight' has shape \(6, 5\)"):
        opened(tmp_path, base_of(), a=(tensors, {}))


def test_a_head_that_the_base_lacks_is_left_out_by_name(tmp_path):
    found = opened(tmp_path, base_of(), a=(factors() | {"score.weight": random(2, 6)}, {}))

    assert (
        "Task 'a': base_model.model.score.weight of the adapter are no weights of the base"
        in found.warnings[0]
    )


def test_the_scale_is_part_of_the_fingerprint(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()

    one, two = (
        opened(tmp_path / name, base_of(), a=(factors(), {"lora_alpha": alpha})).fingerprint
        for name, alpha in (("one", 8), ("two", 9))
    )

    assert one != two
