"""Made-up sweeps of β: runs whose halves have chosen numbers of right images."""

from app.views.lines.comparison import Kind
from tests.made_runs import made_run

N = 200
_ALONG = (Kind.LINES, Kind.CONSTANT, Kind.REVERSED)


def run(n_right, *, first_half=None):
    """A run with so many images of each half right; of the first half as many as given."""
    first = n_right if first_half is None else first_half
    half = N // 2
    outcome = "1" * first + "0" * (half - first) + "1" * n_right + "0" * (half - n_right)
    return made_run({"digits": outcome, "shapes": outcome})


def swept(lines, constant, reversed_, betas=(0.3, 0.6)):
    return {
        (kind, beta): one
        for kind, runs in zip(_ALONG, (lines, constant, reversed_), strict=True)
        for beta, one in zip(betas, runs, strict=False)
    }
