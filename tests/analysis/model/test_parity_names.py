import json
from pathlib import Path

import pytest

from analysis.model.names import name_parts

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "lines_layer_parsing.json").read_text())

# α is 0 and β is L − 1, so the authors' factor is the layer they read; 0 is also what they give
# to every name in which they find none.
AUTHORS_LAYER: dict[str, float] = GOLDEN["scale_by_name"]

# The authors take the smallest i < 12 whose ".i." stands anywhere in the name.
OURS_ON_PURPOSE = {
    "encoder.block.7.layer.0.SelfAttention.q.weight": 7,  # they read T5's sublayer
    "encoder.block.7.layer.1.DenseReluDense.wi.weight": 7,
    "decoder.block.7.layer.2.DenseReluDense.wo.weight": 7,
    "model.layers.9.block_sparse_moe.experts.3.w1.weight": 9,  # they read the expert
    "model.layers.30.mlp.up_proj.weight": 30,  # they know 12 layers and fall back to α
}


@pytest.mark.parametrize("name", sorted(AUTHORS_LAYER.keys() - OURS_ON_PURPOSE))
def test_block_is_the_layer_that_the_authors_scale_by(name: str) -> None:
    assert (name_parts(name).block or 0) == AUTHORS_LAYER[name]


@pytest.mark.parametrize(("name", "block"), OURS_ON_PURPOSE.items())
def test_block_is_the_stack_position_where_the_authors_read_another_number(name: str, block: int) -> None:
    assert name_parts(name).block == block != AUTHORS_LAYER[name]


def test_resnet_block_of_the_authors_lacks_the_stage() -> None:
    parts = name_parts("visual.layer3.5.conv1.weight")

    assert AUTHORS_LAYER["visual.layer3.5.conv1.weight"] == 5
    assert (parts.stage, parts.block) == (3, 5)
