from analysis.evaluation.bootstrap import Estimate
from app.words.verdicts import verdict


def test_only_an_interval_without_zero_decides():
    assert verdict(Estimate(0.02, 0.001, 0.04)) == "above"
    assert verdict(Estimate(-0.02, -0.04, -0.001)) == "below"
    assert verdict(Estimate(0.02, 0.0, 0.04)) == "not told from"
    assert verdict(Estimate(-0.02, -0.04, 0.0)) == "not told from"
