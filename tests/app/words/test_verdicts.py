from analysis.evaluation.bootstrap import Estimate
from app.words.verdicts import compared_with, percent_within, points_within, verdict


def test_only_an_interval_without_zero_decides():
    assert verdict(Estimate(0.02, 0.001, 0.04)) == "above"
    assert verdict(Estimate(-0.02, -0.04, -0.001)) == "below"
    assert verdict(Estimate(0.02, 0.0, 0.04)) == "no significant difference from"
    assert verdict(Estimate(-0.02, -0.04, 0.0)) == "no significant difference from"


def test_clause_names_both_and_the_difference():
    above = compared_with("A", "B", Estimate(0.2, 0.1, 0.3))
    below = compared_with("A", "B", Estimate(-0.2, -0.3, -0.1))
    neither = compared_with("A", "B", Estimate(0.01, -0.01, 0.03))

    assert above == "A is above B (+20 points, +10 to +30)"
    assert below == "A is below B (−20 points, −30 to −10)"
    assert neither == "no significant difference between A and B (+1.0 points, −1.0 to +3.0)"


def test_share_has_the_digits_its_interval_deserves():
    assert percent_within(Estimate(0.6843, 0.6214, 0.7533)) == "68\xa0% (62\xa0% to 75\xa0%)"
    assert percent_within(Estimate(0.6843, 0.6714, 0.6933)) == "68.4\xa0% (67.1\xa0% to 69.3\xa0%)"
    assert percent_within(Estimate(1.0, 1.0, 1.0)) == "100.0\xa0% (100.0\xa0% to 100.0\xa0%)"


def test_interval_that_leaves_out_no_difference_does_not_seem_to_reach_it():
    assert points_within(Estimate(0.012, 0.0004, 0.024)) == "+1.20 points, +0.04 to +2.40"
    assert points_within(Estimate(0.12, 0.0, 0.24)) == "+12 points, 0 to +24"
