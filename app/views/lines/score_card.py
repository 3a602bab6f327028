"""Card of LiNeS: the accuracy of each task under this very ramp."""

from app.figures.dumbbells import DumbbellRow, dumbbells
from app.session.diagnosis import Diagnosis
from app.views.lines.scales import constant_of_equal_size
from app.views.lines.score import score_of, score_rows, score_table, score_takeaway
from app.views.lines.settings import LinesSettings
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette


def score_card(diagnosis: Diagnosis, settings: LinesSettings) -> None:
    """Draw each task's accuracy under this ramp, beside the constant of equal size."""
    bench, recipe, selection = diagnosis.bench, settings.recipe, diagnosis.selection
    constant = constant_of_equal_size(recipe, settings.profile, settings.factors)
    with card("lines.score", "Accuracy under this ramp"):
        answer = ask(
            diagnosis, "lines.score", score_of(bench, recipe, constant), label="Merging and evaluating"
        )
        score, is_current = answer.value, answer.is_current
        if score is None:
            return
        chart(
            "lines.scores",
            dumbbells(
                [DumbbellRow(**row, is_stale=not is_current) for row in score_rows(score)],
                tab_palette(),
                chosen=selection.task,
                recipe=score.run.recipe.digest(),
                baseline="constant λ of equal size",
            ),
            takeaway=score_takeaway(score),
            cannot_say=f"A quick look at up to {score.n_images} validation images per task. Track: from "
            "zero-shot to fine-tuned; dot: this ramp, with its 95 % Wilson interval. Last column: "
            "difference from the constant λ on the same images, with its 95 % interval; * marks a "
            "significant one (McNemar's test, corrected by Holm over the tasks, p < 0.05).",
            rows=lambda: score_table(score),
            on_click=lambda point: (
                selection.choose_task(point["y"]) if point["y"] in selection.tasks else None
            ),
            is_stale=not is_current,
            legend=_KEY,
        )


_KEY = """
<div class="tauscope-key">
  <span><i class="tick zero-shot"></i>zero-shot</span>
  <span><i class="tick fine-tuned"></i>fine-tuned</span>
  <span><i class="dot"></i>this ramp</span>
  <span><i class="diamond"></i>constant λ of equal size</span>
</div>
"""
