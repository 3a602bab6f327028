import pytest

from analysis.weights import sign_conflict, sign_votes
from benchmarks.false_claims.counting import Claims, count, together
from benchmarks.false_claims.report import UNDER_NULL
from benchmarks.false_claims.sentences import SENTENCES
from benchmarks.false_claims.zoos import INDEPENDENT, PLANTED

SMALL = (12,) * 4
GAUSSIAN = INDEPENDENT[0]


def named(name, scope):
    return next(one for one in SENTENCES if (one.name, one.scope) == (name, scope))


def broken(counts, kinds, sentences=SENTENCES):
    """Sentences that claim more often than they promise."""
    return [one for one in sentences if together(counts, one, kinds).exceed(one.promise)]


@pytest.fixture(scope="module")
def counts():
    return count(UNDER_NULL, draws=2, widths=SMALL)


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: f"{one.page}, {one.name}, {one.scope}")
def test_of_independent_tasks_no_sentence_claims_more_than_it_promises(counts, sentence):
    found = together(counts, sentence, UNDER_NULL)

    assert found.n >= 6 * len(UNDER_NULL)
    assert not found.exceed(sentence.promise), found


@pytest.mark.parametrize("kind", UNDER_NULL, ids=lambda kind: kind.name)
def test_no_kind_of_independent_tasks_is_taken_for_an_effect(counts, kind):
    assert broken(counts, [kind]) == []


@pytest.mark.parametrize("promise", sorted({one.promise for one in SENTENCES} - {None}))
def test_sentences_of_one_promise_keep_it_together(counts, promise):
    ones = [together(counts, one, UNDER_NULL) for one in SENTENCES if one.promise == promise]

    assert not sum(ones, Claims(0, 0)).exceed(promise)


def test_updates_that_hardly_meet_are_no_agreement():
    votes = [named("most-changed weights", "tensor")]

    found = count(UNDER_NULL[3:5], draws=20, tasks=(8,), widths=(32,) * 2, sentences=votes)

    assert not together(found, votes[0], UNDER_NULL[3:5]).exceed(votes[0].promise)


def test_rule_of_a_tenth_in_place_of_a_thousandth_is_noticed(monkeypatch):
    monkeypatch.setattr(sign_conflict, "SURE", 0.2)

    found = broken(count([GAUSSIAN], draws=5, tasks=(4,), widths=SMALL), [GAUSSIAN])

    assert {"conflict, counted", "pairs, counted", "overlap of pairs"} & {one.name for one in found}


def test_looser_votes_are_noticed(monkeypatch):
    monkeypatch.setattr(sign_votes, "SURE", 0.9)
    votes = [named("most-changed weights", "tensor")]

    found = count([GAUSSIAN], draws=8, tasks=(2,), widths=SMALL, sentences=votes)

    assert broken(found, [GAUSSIAN], votes) == votes


def test_what_is_planted_is_found():
    found = count(PLANTED[1:2], draws=2, tasks=(4,), widths=(24,) * 4)

    for name in ("conflict, counted", "conflict, weighed", "pairs, counted", "remains when added", "cosines"):
        assert together(found, named(name, "whole"), PLANTED[1:2]) == Claims(2, 2), name


def test_growth_with_depth_is_found_where_there_is_some():
    growing, widths = next(kind for kind in PLANTED if kind.name == "growing"), (12,) * 6
    found = count([GAUSSIAN, growing], draws=2, tasks=(4,), widths=widths)

    grows = named("grow with depth", "whole")
    assert (found[grows, "Gaussian"], found[grows, "growing"]) == (Claims(0, 2), Claims(2, 2))


def test_more_than_promised_is_more_than_luck():
    assert not Claims(1, 24).exceed(0.001 * 24)
    assert not Claims(2, 20).exceed(0.05)
    assert Claims(9, 20).exceed(0.05)
    assert Claims(0, 0).share == 0
    assert not Claims(20, 20).exceed(None)
