"""Accuracy of each task under one ramp, beside the constant of equal size."""

from dataclasses import dataclass
from typing import Any

from analysis.evaluation.bootstrap import Estimate
from analysis.merge.recipe import Recipe
from app.bench.measuring.measured_runs import QUICK_SAMPLE
from app.bench.runs import Anchors, Run, accuracies, compare
from app.bench.workbench import Workbench
from app.views.lines.comparison import NAMES, Kind, mean_difference
from app.words.verdicts import percent_within, points_within, verdict
from app.work.measurement import Measurement


@dataclass(frozen=True, eq=False)
class Score:
    """A ramp, its constant and what they lie between, on the same images."""

    run: Run
    constant: Run
    anchors: Anchors

    @property
    def n_images(self) -> int:
        """The most images that a task was evaluated on."""
        return max(one.n for one in self.run.tasks)


def score_of(bench: Workbench, recipe: Recipe, constant: Recipe) -> Measurement[tuple[str, str], Score]:
    """Both recipes on a quick sample of every task and control."""
    runs = [bench.run(one, n_images=QUICK_SAMPLE, kind="sweep") for one in (recipe, constant)]
    return Measurement(
        (recipe.digest(), constant.digest()),
        lambda context: Score(
            runs[0].compute(context),
            runs[1].compute(context),
            bench.anchors(context, split="val", n_images=QUICK_SAMPLE),
        ),
    )


def score_rows(score: Score) -> list[dict[str, Any]]:
    """Tasks, then controls, with the fields of a row of the chart; accuracies 0 … 1."""
    zero_shot, fine_tuned = accuracies(score.anchors.zero_shot), accuracies(score.anchors.fine_tuned)
    constant = accuracies(score.constant.predictions)
    compared = compare(score.run, score.constant).tasks
    return [
        {
            "task": one.task,
            "zero_shot": zero_shot.get(one.task),
            "fine_tuned": fine_tuned.get(one.task),
            "accuracy": one.accuracy,
            "low": one.low,
            "high": one.high,
            "pinned": constant[one.task],
            "difference": compared[one.task].paired.difference,
            "difference_low": compared[one.task].paired.low,
            "difference_high": compared[one.task].paired.high,
            "is_clear": compared[one.task].is_clear,
            "is_control": one.task not in fine_tuned,
        }
        for one in (*score.run.tasks, *score.run.controls)
    ]


def score_table(score: Score) -> list[dict[str, Any]]:
    """The same as a table, with the number of images."""
    n = {one.task: one.n for one in (*score.run.tasks, *score.run.controls)}
    return [
        {
            "task": row["task"],
            "n": n[row["task"]],
            **{"constant" if k == "pinned" else k: v for k, v in row.items()},
        }
        for row in score_rows(score)
    ]


def score_takeaway(score: Score) -> str:
    """The mean, and whether it is above that of a constant of the same size."""
    found, mean = mean_difference(score.run, score.constant), score.run.mean
    accuracy = Estimate(mean.accuracy or 0.0, mean.low or 0.0, mean.high or 0.0)
    constant, side = NAMES[Kind.CONSTANT], verdict(found)
    compared = (
        f"with {side} {constant}"
        if side == "no significant difference from"
        else f"{side} that of {constant}"
    )
    return f"The mean accuracy is {percent_within(accuracy)}, {compared} ({points_within(found)})."
