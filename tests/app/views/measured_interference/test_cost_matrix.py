import pytest

from analysis.evaluation.intervals import PairedDifference
from analysis.evaluation.paired_loss import LossChange
from app.bench.task_costs import Cost
from app.views.measured_interference.cost_matrix import cost_matrix, costs_takeaway

TASKS = ("digits", "shapes", "signs")


def cost(task, other, loss=0.0, *, loss_p=1.0, accuracy=0.0, p=1.0):
    return Cost(
        task=task,
        other=other,
        alone_accuracy=0.5,
        merged_accuracy=0.5 + accuracy,
        accuracy=PairedDifference(accuracy, accuracy - 0.02, accuracy + 0.03, p, won=0, lost=0, n=40),
        adjusted_p=p,
        alone_loss=1.0,
        merged_loss=1.0 + loss,
        loss=LossChange(loss, loss - 0.1, loss + 0.2, loss_p),
        adjusted_loss_p=loss_p,
    )


def costs(*given):
    return {(one.task, one.other): one for one in given}


def test_rows_lose_to_columns_and_unmeasured_cells_are_empty():
    matrix = cost_matrix(costs(cost("digits", "shapes", 0.5)), TASKS, measure="loss")

    assert matrix.values == [[None, -0.5, None], [None] * 3, [None] * 3]
    assert matrix.text == [["", "−0.50", ""], [""] * 3, [""] * 3]
    assert matrix.unit == "gain of log-likelihood, nats"


def test_accuracy_is_shown_in_points():
    matrix = cost_matrix(costs(cost("digits", "shapes", accuracy=-0.125)), TASKS, measure="accuracy")

    assert matrix.values[0][1] == -12.5
    assert matrix.text[0][1] == "−12"
    assert matrix.unit == "points of accuracy"


@pytest.mark.parametrize(
    ("measure", "hatched"), [("loss", [False, True, False]), ("accuracy", [False, False, True])]
)
def test_cells_without_a_significant_change_are_hatched(measure, hatched):
    found = costs(
        cost("signs", "digits", 0.5, loss_p=0.01, p=0.01),
        cost("signs", "shapes", 0.5, loss_p=0.06, p=0.04),
    )
    found |= costs(cost("digits", "signs", 0.5, loss_p=0.04, p=0.06))
    matrix = cost_matrix(found, TASKS, measure=measure)

    assert [matrix.hatched[2][0], matrix.hatched[2][1], matrix.hatched[0][2]] == hatched
    assert not matrix.hatched[1][1]


def test_scale_reaches_to_the_largest_change_of_either_sign():
    assert cost_matrix(costs(cost("digits", "shapes", -0.5)), TASKS, measure="loss").largest == 0.5
    assert cost_matrix(costs(cost("digits", "shapes", 0.0)), TASKS, measure="loss").largest == 1.0


def test_hover_gives_both_changes_with_their_intervals_line_by_line():
    matrix = cost_matrix(costs(cost("digits", "shapes", 0.5, accuracy=-0.125)), TASKS, measure="loss")

    assert matrix.hover[0][1].split("\n") == [
        "'digits' with 'shapes', 40 images",
        "log-likelihood −0.500 nats (−0.700 to −0.400)",
        "accuracy −12.5 points, −14.5 to −9.5",
    ]
    assert matrix.hover[1][0] == "'shapes' with 'digits': not measured"
    assert matrix.hover[0][0] == ""


def test_takeaway_names_the_largest_loss_among_the_significant_ones():
    found = costs(
        cost("digits", "shapes", 0.2, loss_p=0.01),
        cost("shapes", "digits", 9.0, loss_p=0.01, accuracy=-0.4),
        cost("signs", "digits", 20.0, loss_p=0.06),
    )

    assert costs_takeaway(found) == (
        "A task loses significantly to another in 2 of 3 cases. The largest loss is that of 'shapes' to "
        "'digits': log-likelihood −9.00 nats (−9.20 to −8.90) and −40.0 points of accuracy."
    )
    assert "'digits' to 'shapes'" in costs_takeaway(found | costs(cost("shapes", "digits", 9.0)))


@pytest.mark.parametrize("loss_p", [0.05, 0.06])
def test_losses_that_are_not_significant_are_not_claimed(loss_p):
    sentence = costs_takeaway(costs(cost("digits", "shapes", 0.5, loss_p=loss_p)))

    assert sentence == "No task loses significantly to another (0 of 1 cases)."


def test_a_significant_gain_is_no_loss():
    gain = cost("digits", "shapes", -0.5, loss_p=0.01)

    assert gain.is_clear
    assert costs_takeaway(costs(gain)).startswith("No task loses significantly")


def test_nothing_measured_claims_nothing():
    assert costs_takeaway({}) == "Nothing is measured yet."
