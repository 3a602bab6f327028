import numpy as np
import pytest

from analysis.model.places import places
from app.views.tall_masks.owners import owner_cells, owner_hovers, owner_rows, owners_takeaway
from app.views.tall_masks.split import Split, by_place
from tests.planted_masks import TASKS, planted_counts, planted_vectors


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def owned_by(owners, n=100):
    """One layer of which each task owns this share."""
    shares = np.array([[1 - sum(owners), sum(owners)]])
    return Split(("p",), ("p",), np.array([n]), shares, np.array([owners]))


@pytest.fixture(scope="module")
def planted():
    rows = [place for place in places(planted_vectors().layout) if place.tower == "visual"]
    return by_place(planted_counts(), rows, None)


@pytest.mark.parametrize(
    ("mine", "null", "expected"),
    [
        ([0.3, 0.1], None, "'a' owns 75 % of the selfish weights (an even split: 50 %)."),
        (
            [0.3, 0.1],
            [0.3, 0.1],
            "'a' owns 75 % of the selfish weights (an even split: 50 %; the same update sizes with random "
            "signs: 75 %): the size of its update explains it.",
        ),
        (
            [0.3, 0.1],
            [0.2, 0.2],
            "'a' owns 75 % of the selfish weights (an even split: 50 %; the same update sizes with random "
            "signs: 50 %).",
        ),
        (
            [0.2, 0.2],
            [0.2, 0.2],
            "'a' owns 50 % of the selfish weights (an even split: 50 %; the same update sizes with random "
            "signs: 50 %): no task owns clearly more than the others.",
        ),
    ],
)
def test_owner_by_size_is_kept_apart_from_owner_by_sign(mine, null, expected):
    nulls = [] if null is None else [owned_by(null)]

    assert plain(owners_takeaway(owned_by(mine), ["a", "b"], nulls)) == expected


def test_weights_that_do_not_exist_have_no_owner():
    assert owners_takeaway(owned_by([0.0, 0.0]), ["a", "b"], []) == "No weight is kept by exactly one mask."


def test_layer_that_no_task_changed_has_empty_cells():
    assert owner_cells(owned_by([0.3, 0.1])) == [[0.3, 0.1]]
    assert owner_cells(owned_by([0.0, 0.0], n=0)) == [[None, None]]


def test_hover_names_layer_and_task():
    (texts,) = owner_hovers(owned_by([0.3, 0.1]), ["a", "b"])

    assert [plain(text) for text in texts] == [
        "p: 30 % of the changed weights are kept by 'a' alone",
        "p: 10 % of the changed weights are kept by 'b' alone",
    ]


def test_table_has_a_row_per_layer(planted):
    rows = owner_rows(planted, TASKS, what="layer")

    assert [row["weights changed"] for row in rows] == [4, 10, 7]
    assert rows[1]["a alone"] == pytest.approx(0.4)
