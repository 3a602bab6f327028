"""The rates of false claims as a table, and as JSON."""

from typing import Any

from benchmarks.false_claims.counting import Claims, Counts, together
from benchmarks.false_claims.sentences import SENTENCES, Sentence
from benchmarks.false_claims.zoos import INDEPENDENT, PLANTED, Kind

UNDER_NULL = tuple(kind for kind in INDEPENDENT if kind.holds_null)
"""Kinds for which the promise is made: every weight has a random sign of its own."""

_EXPLANATION = """\
Claims of an effect, in % of the sentences. First kinds of independent tasks: every claim is false. "all" is
the first eight kinds together, with the number of sentences; ! marks more than promised. Rank 1 and rank 4
are not in it: chance draws a sign for every weight, and theirs have fewer. Then zoos with a planted effect:
claims are true where the sentence is about it. Promised "-": the sentence describes sizes, not chance.
"""


def text(counts: Counts) -> str:
    """One table, a row for each sentence and part of the model."""
    head = ["page", "sentence", "part", "promised", "all", "n"]
    rows = [[*head, *(kind.name for kind in (*INDEPENDENT, *PLANTED))]]
    for sentence in SENTENCES:
        false = together(counts, sentence, UNDER_NULL)
        promise = "-" if sentence.promise is None else _percent(sentence.promise)
        row = [sentence.page, sentence.name, sentence.scope, promise]
        row += [_cell(false, sentence.promise), str(false.n)]
        row += [_cell(counts.get((sentence, kind.name)), sentence.promise) for kind in INDEPENDENT]
        row += [_cell(counts.get((sentence, kind.name)), None) for kind in PLANTED]
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(_placed(cell, width, at) for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
    return "\n".join([_EXPLANATION, *lines])


def as_json(counts: Counts) -> list[dict[str, Any]]:
    """One object for each sentence and part of the model."""
    return [
        {
            "page": sentence.page,
            "sentence": sentence.name,
            "part": sentence.scope,
            "promised": sentence.promise,
            "false": _numbers(together(counts, sentence, UNDER_NULL)),
            "independent": _by_kind(counts, sentence, INDEPENDENT),
            "planted": _by_kind(counts, sentence, PLANTED),
        }
        for sentence in SENTENCES
    ]


def _by_kind(counts: Counts, sentence: Sentence, kinds: tuple[Kind, ...]) -> dict[str, Any]:
    return {
        kind.name: _numbers(counts[sentence, kind.name]) for kind in kinds if (sentence, kind.name) in counts
    }


def _numbers(claims: Claims) -> dict[str, int]:
    return {"claims": claims.made, "n": claims.n}


def _cell(claims: Claims | None, promise: float | None) -> str:
    if claims is None or not claims.n:
        return "-"
    return _percent(claims.share) + ("!" if claims.exceed(promise) else "")


def _percent(share: float) -> str:
    return f"{100 * share:.{0 if share >= 0.1 else 1}f}" if share else "0"


def _placed(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column < 3 else cell.rjust(width)
