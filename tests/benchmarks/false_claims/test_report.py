import json

from benchmarks.false_claims.counting import Claims
from benchmarks.false_claims.report import as_json, text
from benchmarks.false_claims.sentences import SENTENCES

FIRST = SENTENCES[0]
COUNTS = {
    (FIRST, "Gaussian"): Claims(0, 60),
    (FIRST, "t2"): Claims(30, 60),
    (FIRST, "rank 1"): Claims(60, 60),
}


def test_table_has_a_row_per_sentence_and_marks_what_breaks_its_promise():
    lines = text(COUNTS).splitlines()
    rows = [line for line in lines if line.startswith(FIRST.page)]

    assert len(rows) == sum(one.page == FIRST.page for one in SENTENCES)
    assert rows[0].split()[:7] == ["Sign", "conflicts", "conflict,", "counted", "whole", "0.1", "25!"]
    assert rows[0].split()[7] == "120"
    assert sum("!" in row for row in rows) == 1


def test_json_has_the_counts_and_leaves_out_what_was_not_counted():
    found = json.loads(json.dumps(as_json(COUNTS)))

    assert found[0]["false"] == {"claims": 30, "n": 120}
    assert found[0]["independent"] == {
        "Gaussian": {"claims": 0, "n": 60},
        "t2": {"claims": 30, "n": 60},
        "rank 1": {"claims": 60, "n": 60},
    }
    assert found[0]["planted"] == {}
