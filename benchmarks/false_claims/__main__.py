"""`python -m benchmarks.false_claims`: how often each sentence claims an effect, with and without one."""

import argparse
import json

from benchmarks.false_claims.counting import count
from benchmarks.false_claims.report import as_json, text
from benchmarks.false_claims.zoos import INDEPENDENT, PLANTED


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10, help="zoos of each kind with 2, 4 and 8 tasks each")
    parser.add_argument("--json", action="store_true", help="counts instead of a table")
    given = parser.parse_args()
    counts = count((*INDEPENDENT, *PLANTED), draws=given.draws)
    print(json.dumps(as_json(counts), indent=2, ensure_ascii=False) if given.json else text(counts))


if __name__ == "__main__":
    main()
