"""The origin of the numbers on screen, in words."""

from app.bench.runs import Run


def measured_on(run: Run | None) -> str:
    """Images and seconds of a run; whether it was measured before."""
    if run is None:
        return "Nothing is measured yet."
    merging = f"{1000 * run.merge_seconds:.0f} ms"
    if not run.tasks:
        return f"Merged in {merging}"
    times = f"merged in {merging}, evaluated in {run.evaluate_seconds:.2f} s"
    images = f"Validation, {max(score.n for score in run.tasks)} images per task"
    if run.shipped:
        return f"Came with the zoo, measured with {run.shipped} · {images}"
    return f"From your history · {images} · it was {times}" if run.from_history else f"{images} · {times}"
