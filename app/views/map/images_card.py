"""Card of the Map: a task's images among its classes under base, fine-tuned model and merge."""

from typing import Any

import streamlit as st

from app.bench.measuring import QUICK_SAMPLE
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.map.images import (
    BASE,
    FINE_TUNED,
    MERGED,
    ImageFeatures,
    features_takeaway,
    image_features,
)
from app.views.map.images_figure import ImageDots, as_address, images_figure
from app.widgets.ask import ask
from app.widgets.chart_card import caption_and_table, card
from app.widgets.choice_inputs import choice_segments
from app.words.numbers import percent
from app.work.measurement import Measurement

_LAYOUTS = ("PCA", "UMAP")
_MOVES = {"base to this merge": (BASE, MERGED), "this merge to fine-tuned": (MERGED, FINE_TUNED)}


def images_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw the images of the task in focus; the merge is the lab's."""
    selection, bench = diagnosis.selection, diagnosis.bench
    evaluated = [task for task in bench.tasks if task in bench.setup.eval_sets["val"]]
    if not evaluated:
        reasons = sorted(set(bench.setup.skipped["val"].values()))
        st.info(f"No images to lay out: {'; '.join(reasons)}.", icon=":material/visibility_off:")
        return
    task = selection.task if selection.task in evaluated else evaluated[0]
    recipe = lab.recipe
    with card("map.images", f"Images of {task} among their classes, under the Merge lab's recipe"):
        with st.container(horizontal=True):
            layout = choice_segments(selection, "images", "Layout", _LAYOUTS, default="PCA", page="map")
            move = choice_segments(
                selection, "moves", "Lines", list(_MOVES), default=next(iter(_MOVES)), page="map"
            )
        answer = ask(
            diagnosis,
            "map.images",
            Measurement(
                (task, recipe.digest(), layout),
                lambda context: image_features(
                    bench, task, recipe, context, n_images=QUICK_SAMPLE, method=layout.lower()
                ),
            ),
            label="Laying the images out" + (", the first time half a minute" if layout == "UMAP" else ""),
        )
        if answer.value is None:
            return
        with st.container(key=f"map.images.{'current' if answer.is_current else 'stale'}"):
            _draw(answer.value, move)


def _draw(found: ImageFeatures, move: str) -> None:
    takeaway = features_takeaway(found)
    st.markdown(f"**{takeaway}**")
    st.altair_chart(
        images_figure(
            [
                ImageDots(
                    model,
                    found.points[model][:, 0].tolist(),
                    found.points[model][:, 1].tolist(),
                    found.correct[model].tolist(),
                )
                for model in found.points
            ],
            found.classes,
            found.labels.tolist(),
            [(float(x), float(y)) for x, y in found.prototypes],
            [as_address(image) for image in found.images],
            palette(st.context.theme.type),
            strokes=_MOVES[move],
        ),
        key="map.images",
        theme=None,
        alt=takeaway,
    )
    laid_out = (
        "UMAP of 15 neighbours, least distance 0.1, seed 0: who is near whom counts, not how far."
        if found.explained is None
        else f"Its axes hold {percent(found.explained[0])} and {percent(found.explained[1])} of the variance."
    )
    caption_and_table(
        "map.images",
        f"{len(found.labels)} validation images, one projection for all three models, of what the head sees: "
        f"cosines to the {len(found.classes)} classes, whose names stand at their own embeddings. {laid_out} "
        f"It keeps {percent(found.kept)} of five nearest neighbours (random places: "
        f"{percent(found.kept_by_chance)}). Pale marks are wrong answers. Distances on the plane are not "
        "distances to the decision boundary.",
        lambda: _rows(found),
        has_camera=False,
    )


def _rows(found: ImageFeatures) -> list[dict[str, Any]]:
    return [
        {
            "image": k,
            "class": found.classes[label],
            "model": model,
            "x": float(found.points[model][k, 0]),
            "y": float(found.points[model][k, 1]),
            "right": bool(found.correct[model][k]),
        }
        for model in found.points
        for k, label in enumerate(found.labels)
    ]
