import pytest

from app.bench.expectations import anchor_warnings
from app.zoo.zoo_file import read_zoo_file
from tests.made_runs import made_anchors
from tests.zoo_on_disk import write_zoo

HALF, MOST = "10" * 20, "1" * 36 + "0" * 4
MEASURED = made_anchors({"shallow": HALF, "deep": HALF}, {"shallow": MOST, "deep": MOST})


def unmet(tmp_path, expected, anchors=MEASURED, split="test"):
    return anchor_warnings(read_zoo_file(write_zoo(tmp_path, expected=expected)), anchors, split)


@pytest.mark.parametrize("expected", [{"zeroshot": 0.5, "finetuned": 0.9}, {"zeroshot": 0.36}, None])
def test_what_lies_in_the_interval_is_as_expected(tmp_path, expected):
    assert unmet(tmp_path, expected) == ()


def test_base_that_scores_otherwise_is_pointed_out_with_usual_causes(tmp_path):
    (sentence,) = unmet(tmp_path, {"zeroshot": 0.8, "finetuned": 0.9})

    assert sentence.startswith(
        "'shallow' scores 50.0\xa0% zeroshot on test (n = 40, 95 % interval 35.2\xa0% to 64.8\xa0%)"
    )
    assert "zoo.toml expects 80.0\xa0%. Check QuickGELU" in sentence


def test_both_anchors_are_held_against_their_own_measurement(tmp_path):
    sentences = unmet(tmp_path, {"zeroshot": 0.9, "finetuned": 0.5})

    assert [
        word in sentence for word, sentence in zip(("zeroshot", "finetuned"), sentences, strict=True)
    ] == [
        True,
        True,
    ]


def test_what_was_not_measured_is_not_judged(tmp_path):
    assert unmet(tmp_path, {"zeroshot": 0.9}, made_anchors({"deep": HALF}, {})) == ()


def test_validation_images_must_differ_by_more_before_they_are_pointed_out(tmp_path):
    # 0.7 lies outside the 95 % interval of 20 of 40 and inside that of 99.9 %; 0.8 outside both.
    assert unmet(tmp_path, {"zeroshot": 0.7}) != ()
    assert unmet(tmp_path, {"zeroshot": 0.7}, split="val") == ()

    (sentence,) = unmet(tmp_path, {"zeroshot": 0.8}, split="val")
    assert "zeroshot on val (n = 40, 99.9 % interval" in sentence
    assert "Check QuickGELU" in sentence
