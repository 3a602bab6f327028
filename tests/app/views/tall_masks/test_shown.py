from app.views.tall_masks.shown import part
from tests.planted_masks import planted_counts


def test_part_holds_one_layer_and_one_component():
    counts = planted_counts()

    assert part(counts, "visual:1", None).moved[0].tolist() == [6, 1, 0, 0, 0]
    assert part(counts, None, "mlp_in").moved[0].tolist() == [0, 6, 2, 0, 2]
    assert part(counts, "visual:1", "mlp_in").n[0] == 0
