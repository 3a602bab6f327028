from dataclasses import replace

import numpy as np
import pytest

from analysis.evaluation.bootstrap import Estimate
from analysis.merge.recipe import anchor_recipe
from analysis.merge.scaling import Lines
from app.bench.runs import accuracies
from app.views.lines.trade_off import (
    ALPHAS,
    BASE,
    TradeOff,
    authors_choice,
    trade_off,
    trade_off_dots,
    trade_off_recipe,
    trade_off_rows,
    trade_off_takeaway,
)
from app.views.lines.validation_runs import validation_runs
from app.work.jobs import JobContext
from tests.made_runs import made_run


def point(alpha, target, others, change=0.0, half=0.01):
    return TradeOff(
        alpha,
        Estimate(target, target, target),
        Estimate(others, others, others),
        Estimate(change, change - half, change + half),
        is_on_front=True,
    )


def test_recipe_is_one_task_whose_last_block_is_whole():
    recipe = trade_off_recipe(("a", "b"), "b", 0.3)

    assert recipe.method == "task_arithmetic"
    assert recipe.weights == {"a": 0.0, "b": 1.0}
    assert recipe.scale == Lines(0.3, 0.7)
    assert (ALPHAS[0], ALPHAS[-1], len(ALPHAS)) == (1.0, 0.0, 11)


def test_whole_update_is_the_fine_tuned_model(bench):
    recipe = trade_off_recipe(bench.tasks, "deep", 1.0)
    runs = validation_runs(bench, {BASE: anchor_recipe(bench.tasks), 1.0: recipe})
    results = {name: run.compute(JobContext()) for name, run in runs.items()}

    (found,) = trade_off(results, "deep")

    anchors = bench.anchors(JobContext(), split="val", n_images=None)
    tuned = results[1.0].predictions["deep"]
    assert np.array_equal(tuned.prediction, anchors.fine_tuned["deep"].prediction)
    assert found.target == Estimate(1.0, 1.0, 1.0)
    zero_shot, scores = accuracies(anchors.zero_shot), accuracies(results[1.0].predictions)
    others = [task for task in scores if task != "deep"]
    assert "letters" in others
    assert found.others.value == pytest.approx(np.mean([scores[task] / zero_shot[task] for task in others]))


def test_shares_are_of_the_fine_tuned_and_of_the_base():
    results = {
        BASE: made_run({"digits": "0000", "shapes": "1111", "letters": "1100"}),
        1.0: made_run({"digits": "1111", "shapes": "1100", "letters": "1000"}),
        0.5: made_run({"digits": "1110", "shapes": "1110", "letters": "1100"}),
    }

    whole, half = trade_off(results, "digits")

    assert (whole.alpha, whole.target.value, whole.others.value) == (1.0, 1.0, 0.5)
    assert (half.alpha, half.target.value, half.others.value) == (0.5, 0.75, 0.875)
    assert half.change.value == pytest.approx(0.25)
    assert whole.is_on_front
    assert half.is_on_front


def test_only_points_that_nothing_beats_are_on_the_front():
    results = {
        BASE: made_run({"digits": "0000", "shapes": "1111"}),
        1.0: made_run({"digits": "1111", "shapes": "1000"}),
        0.5: made_run({"digits": "1111", "shapes": "1110"}),
        0.0: made_run({"digits": "1100", "shapes": "1100"}),
    }

    assert [one.is_on_front for one in trade_off(results, "digits")] == [False, True, False]


def test_others_of_which_the_base_gets_nothing_right_do_not_count():
    results = {
        BASE: made_run({"digits": "00", "shapes": "00", "letters": "11"}),
        1.0: made_run({"digits": "11", "shapes": "11", "letters": "10"}),
    }

    (found,) = trade_off(results, "digits")

    assert found.others.value == 0.5
    assert (
        trade_off({**results, BASE: made_run({"digits": "00", "shapes": "00", "letters": "00"})}, "digits")
        == []
    )


def test_nothing_is_shown_before_both_ends_are_measured():
    run = made_run({"digits": "11", "shapes": "11"})

    assert trade_off({}, "digits") == []
    assert trade_off({BASE: run, 0.5: run}, "digits") == []
    assert trade_off({1.0: run}, "digits") == []


def outcomes(*shares, n=400, seed=0):
    """Which of n images are right, for the first half and the second; drawn in an order of their own."""
    generator = np.random.default_rng(seed)
    return "".join(
        "".join("1" if right else "0" for right in generator.permutation(np.arange(n // 2) < share * n // 2))
        for share in shares
    )


def test_authors_rule_counts_the_target_twice_on_one_half_and_reports_the_other():
    results = {
        BASE: made_run({"digits": outcomes(0.2, 0.2), "shapes": outcomes(0.8, 0.8)}),
        1.0: made_run({"digits": outcomes(0.9, 0.9), "shapes": outcomes(0.4, 0.4)}),
        0.5: made_run({"digits": outcomes(0.85, 0.85), "shapes": outcomes(0.6, 0.5)}),
        0.0: made_run({"digits": outcomes(0.5, 0.5), "shapes": outcomes(0.8, 0.8)}),
    }

    chosen = authors_choice(results, "digits")

    assert chosen.alpha == 0.5
    assert chosen.others.value == pytest.approx(0.5 / 0.8)
    assert chosen.change.value == pytest.approx(0.1)


def test_of_equals_the_rule_takes_the_whole_update():
    run = made_run({"digits": outcomes(0.9, 0.9), "shapes": outcomes(0.4, 0.4)})

    assert authors_choice({BASE: run, 0.5: run, 1.0: run}, "digits").alpha == 1.0
    assert authors_choice({BASE: run, 1.0: run}, "digits") is None
    assert authors_choice({}, "digits") is None


def test_best_of_eleven_equal_models_is_seldom_told_as_better():
    def run(seed):
        shapes = {f"other {k}": outcomes(0.6, 0.6, n=128, seed=100 * seed + k) for k in range(5)}
        return made_run({"digits": outcomes(0.9, 0.9, n=128, seed=seed)} | shapes)

    told = 0
    for draw in range(60):
        base, *runs = (run(12 * draw + k) for k in range(12))
        chosen = authors_choice({BASE: base, **dict(zip(ALPHAS, runs, strict=True))}, "digits")
        told += chosen.alpha != 1.0 and chosen.change.low > 0

    assert told <= 5  # promised 1 of 40; chosen and judged on the same images 1 of 9


def test_takeaway_names_what_sparing_the_others_gives_where_it_does():
    text = trade_off_takeaway(point(0.3, 0.99, 0.95, change=0.2), 11, "digits")

    assert text == (
        "At α = 0.3, which the authors' rule picks, 'digits' keeps 99.0\xa0% of its fine-tuned accuracy and "
        "the others keep 95.0\xa0% of their zero-shot accuracy; the others' mean accuracy is above that at "
        "α = 1 (+20.0 points, +19.0 to +21.0). Chosen among 11 α on one half of the validation images, "
        "reported on the other."
    )


def test_takeaway_names_what_the_others_lose_where_they_do():
    text = trade_off_takeaway(point(0.3, 1.0, 0.6, change=-0.1), 11, "digits")

    assert "the others' mean accuracy is below that at α = 1 (−10.0 points" in text


def test_takeaway_does_not_claim_what_the_images_do_not_show():
    text = trade_off_takeaway(point(0.3, 1.0, 0.71, change=0.005), 11, "digits")
    whole_is_best = trade_off_takeaway(point(1.0, 1.0, 0.9), 11, "digits")

    assert (
        "; for the others, this shows no significant difference from α = 1 (+0.5 points, −0.5 to +1.5)"
        in text
    )
    assert whole_is_best == (
        "The authors' rule picks α = 1, the whole update of 'digits', under which the others keep "
        "90.0\xa0% of their zero-shot accuracy. Chosen among 11 α on one half of the validation images, "
        "reported on the other."
    )
    assert "Too little" in trade_off_takeaway(None, 1, "digits")


def test_dots_have_both_shares_with_their_intervals():
    one = replace(point(0.3, 0.9, 0.8), target=Estimate(0.9, 0.85, 0.95))

    (dot,) = trade_off_dots([one], "digits")

    assert (dot["word"], dot["label"], dot["is_on_front"]) == ("0.3", "α 0.3", True)
    assert (dot["x"], dot["y"]) == ((0.9, 0.85, 0.95), (0.8, 0.8, 0.8))
    assert dot["hover"].replace("\xa0", " ") == (
        "α = 0.3: 'digits' keeps 90.0 % (85.0 % to 95.0 %), the others keep 80.0 % (80.0 % to 80.0 %)"
    )


def test_table_has_both_shares_and_their_intervals():
    (row,) = trade_off_rows([point(0.3, 0.9, 0.8)])

    assert (row["alpha"], row["beta"], row["target"], row["others_low"]) == (0.3, 0.7, 0.9, 0.8)
