"""Accuracy of every task between zero-shot and fine-tuned: rows of the chart, its table and its sentences."""

from collections.abc import Mapping, Sequence

from analysis.evaluation.scores import TaskScore
from app.bench.runs import Anchors, Comparison, Run, accuracies, differences, first
from app.figures.dumbbells import DumbbellRow
from app.session.asked_for import scores_so_far
from app.session.lab import Lab
from app.words.numbers import fixed, percent, points


def dumbbell_rows(lab: Lab, comparison: Comparison | None) -> list[DumbbellRow]:
    """One row per task, then one per control: the newest score there is, and what it lies between."""
    running = {score.task: score for score in scores_so_far(lab.measuring)}
    run, anchors = lab.results.shown, lab.results.anchors
    shown = {} if run is None else {one.task: one for one in (*run.tasks, *run.controls)}
    zero_shot = accuracies(anchors.zero_shot if anchors else {})
    fine_tuned = accuracies(anchors.fine_tuned if anchors else {})
    pinned = _pinned(run, lab.results.baseline)
    rows = []
    for task in lab.bench.setup.eval_sets["val"]:
        score: TaskScore | None = running.get(task, shown.get(task))
        difference = comparison.tasks.get(task) if comparison and task not in running else None
        rows.append(
            DumbbellRow(
                task=task,
                zero_shot=zero_shot.get(task),
                fine_tuned=fine_tuned.get(task),
                accuracy=None if score is None else score.accuracy,
                low=None if score is None else score.low,
                high=None if score is None else score.high,
                pinned=pinned.get(task),
                difference=None if difference is None else difference.paired.difference,
                difference_low=None if difference is None else difference.paired.low,
                difference_high=None if difference is None else difference.paired.high,
                is_clear=difference is not None and difference.is_clear,
                is_control=task not in lab.bench.tasks,
                is_stale=task not in running and not lab.is_measured,
            )
        )
    return rows


def results_takeaway(run: Run | None, anchors: Anchors | None, comparison: Comparison | None) -> str:
    """The shown run against the pinned one, or between its anchors where nothing is pinned."""
    if run is None or anchors is None:
        return "The base, the fine-tuned models and this merge are being measured for the first time."
    return between_anchors(run, anchors) if comparison is None else against_baseline(comparison, run)


def against_baseline(comparison: Comparison, run: Run) -> str:
    """Tasks that differ significantly from the pinned run.

    A difference is significant when McNemar's test, corrected by Holm over the tasks, gives p < 0.05.
    """
    tasks = {
        score.task: comparison.tasks[score.task] for score in run.tasks if score.task in comparison.tasks
    }
    if not tasks:
        return "The pinned run has no task in common with this one."
    gained = [task for task, one in tasks.items() if one.is_clear and one.paired.difference > 0]
    lost = [task for task, one in tasks.items() if one.is_clear and one.paired.difference < 0]
    if not gained and not lost:
        return "No task differs significantly from the pinned run on these images."
    clauses = []
    if gained:
        clauses.append(f"{_subject(gained)} significantly above the pinned run")
    if lost:
        clauses.append(f"{_subject(lost)} significantly below {'it' if gained else 'the pinned run'}")
    return f"{'; '.join(clauses)}."


def between_anchors(run: Run, anchors: Anchors) -> str:
    """How far the merge has come from zero-shot to fine-tuned, and which task is furthest behind."""
    zero_shot, fine_tuned = accuracies(anchors.zero_shot), accuracies(anchors.fine_tuned)
    accuracy = {score.task: score.accuracy for score in run.tasks}
    if not accuracy or run.mean.accuracy is None or not accuracy.keys() <= fine_tuned.keys():
        return "No task of this zoo can be evaluated."
    base = sum(zero_shot[task] for task in accuracy) / len(accuracy)
    top = sum(fine_tuned[task] for task in accuracy) / len(accuracy)
    sentences = [
        f"Mean accuracy: {points(run.mean.accuracy - base, 0)} from zero-shot, where fine-tuning gives "
        f"{points(top - base, 0)}."
    ]
    behind = max(accuracy, key=lambda task: fine_tuned[task] - accuracy[task])
    gap = 100 * (fine_tuned[behind] - accuracy[behind])
    if round(gap) > 0:
        sentences.append(f"Furthest behind its fine-tuned model: '{behind}', by {gap:.0f} points.")
    changed = differences({task: run.predictions[task] for task in accuracy}, anchors.zero_shot)
    below = [task for task, one in changed.items() if one.is_clear and one.paired.difference < 0]
    if below:
        sentences.append(f"{_subject(below)} significantly below zero-shot.")
    return " ".join(sentences)


def results_caption(n_images: int, *, is_pinned: bool) -> str:
    """How the chart is read.

    Args:
        n_images: Validation images per task at most.
        is_pinned: Whether there is a run to compare with.
    """
    text = (
        f"Each track runs from zero-shot to fine-tuned. Dot: this merge, with its 95 % Wilson interval on "
        f"{n_images} validation images per task. Click a row to see its classes."
    )
    if is_pinned:
        text += (
            " Last column: difference to the pinned run on the same images, with its 95 % interval; * marks "
            "a significant one (McNemar's test, corrected by Holm over the tasks, p < 0.05)."
        )
    return text


def most_images(running: Sequence[TaskScore], run: Run | None) -> int:
    """Images of the task that has most, among the scores on screen."""
    return max((score.n for score in (*running, *(run.tasks if run else ()))), default=0)


def accuracies_in_words(rows: Sequence[DumbbellRow]) -> str:
    """The chart for a screen reader."""
    known = [f"{row.task} {percent(row.accuracy, 1)}" for row in rows if row.accuracy is not None]
    return f"Accuracy of this merge: {', '.join(known) or 'not measured yet'}"


def results_table(rows: Sequence[DumbbellRow]) -> list[dict[str, str]]:
    """The chart as a table, in percent and points."""
    return [
        {
            "task": row.task,
            "zero-shot %": _cell(row.zero_shot),
            "this merge %": _cell(row.accuracy),
            "95 % from": _cell(row.low),
            "to": _cell(row.high),
            "fine-tuned %": _cell(row.fine_tuned),
            "pinned %": _cell(row.pinned),
            "difference": _cell(row.difference),
            "its 95 % from": _cell(row.difference_low),
            "its 95 % to": _cell(row.difference_high),
        }
        for row in rows
    ]


def _pinned(shown: Run | None, baseline: Run | None) -> Mapping[str, float]:
    """The pinned run's accuracies on the images the shown run saw too."""
    if baseline is None:
        return {}
    sizes = {} if shown is None else {task: len(one.labels) for task, one in shown.predictions.items()}
    return accuracies(
        {task: first(one, sizes.get(task, len(one.labels))) for task, one in baseline.predictions.items()}
    )


def _subject(tasks: Sequence[str]) -> str:
    """Tasks as the subject of a sentence, with its verb; a number of them where they are many."""
    if len(tasks) > 3:
        return f"{len(tasks)} tasks are"
    names = [f"'{task}'" for task in tasks]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{joined} {'is' if len(names) == 1 else 'are'}"


def _cell(value: float | None) -> str:
    return "–" if value is None else fixed(100 * value, 1)
