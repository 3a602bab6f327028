"""One sentence that says what a chart shows, computed from the data."""

from app.bench.runs import Anchors, Comparison, Run, accuracies, differences
from app.words.numbers import points


def against_baseline(comparison: Comparison, run: Run) -> str:
    """What changed against the pinned run, and what of it stands on these images.

    Differences count as clear when McNemar's test, corrected by Holm over the tasks, gives p < 0.05.
    """
    tasks = {
        score.task: comparison.tasks[score.task] for score in run.tasks if score.task in comparison.tasks
    }
    if not tasks:
        return "The pinned run has no task in common with this one."
    gained = [task for task, one in tasks.items() if one.is_clear and one.paired.difference > 0]
    lost = [task for task, one in tasks.items() if one.is_clear and one.paired.difference < 0]
    if not gained and not lost:
        return "No task differs clearly from the pinned run on these images."
    said = []
    if gained:
        said.append(f"{_names(gained)} clearly above the pinned run")
    if lost:
        said.append(
            f"{_names(lost)} clearly below it" if gained else f"{_names(lost)} clearly below the pinned run"
        )
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def between_anchors(run: Run, anchors: Anchors) -> str:
    """How far the merge has come from zero-shot to fine-tuned, and where it is furthest behind."""
    zero_shot, fine_tuned = accuracies(anchors.zero_shot), accuracies(anchors.fine_tuned)
    accuracy = {score.task: score.accuracy for score in run.tasks}
    if not accuracy or run.mean.accuracy is None or not accuracy.keys() <= fine_tuned.keys():
        return "No task of this zoo can be evaluated."
    base = sum(zero_shot[task] for task in accuracy) / len(accuracy)
    top = sum(fine_tuned[task] for task in accuracy) / len(accuracy)
    behind = max(accuracy, key=lambda task: fine_tuned[task] - accuracy[task])
    gap = 100 * (fine_tuned[behind] - accuracy[behind])
    gain, room = run.mean.accuracy - base, 100 * (top - base)
    merged = {task: run.predictions[task] for task in accuracy}
    changed = differences(merged, anchors.zero_shot)
    below = [task for task, one in changed.items() if one.is_clear and one.paired.difference < 0]
    text = (
        f"{points(gain, 0)} over zero-shot, of {room:.0f} that fine-tuning gives; "
        f"{behind} is furthest behind, by {gap:.0f}."
    )
    if below:
        text += f" {_names(below).capitalize()} clearly below zero-shot."
    return text


def _names(tasks: list[str]) -> str:
    if len(tasks) > 3:
        return f"{len(tasks)} tasks are"
    joined = tasks[0] if len(tasks) == 1 else f"{', '.join(tasks[:-1])} and {tasks[-1]}"
    return f"{joined} {'is' if len(tasks) == 1 else 'are'}"
