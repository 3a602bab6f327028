"""Card with a task's images among its classes under base, fine-tuned model and merge."""

import streamlit as st

from app.bench.measuring.measured_runs import QUICK_SAMPLE
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.map.framed import framed
from app.views.map.framed_card import framed_pictures
from app.views.map.images import (
    BASE,
    FINE_TUNED,
    MERGED,
    PINNED,
    Flips,
    ImageFeatures,
    features_takeaway,
    flipping,
    image_features,
    image_rows,
    layout_note,
)
from app.views.map.images_figure import FRAME, ImageDots, as_address, images_figure
from app.views.map.layouts import LAYOUTS, laying_out
from app.widgets.ask import ask
from app.widgets.chart_card import caption_and_table, card
from app.widgets.choice_inputs import choice_segments
from app.widgets.look import as_shown, tab_palette
from app.work.measurement import Measurement

_ENDS = {"base to this merge": (BASE, MERGED), "this merge to fine-tuned": (MERGED, FINE_TUNED)}
_PINNED_ENDS = {"pinned to this merge": (PINNED, MERGED)}


def images_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw the images of the task in focus; the merge is the lab's."""
    selection, bench = diagnosis.selection, diagnosis.bench
    evaluated = [task for task in bench.tasks if task in bench.setup.eval_sets["val"]]
    if not evaluated:
        reasons = sorted(set(bench.setup.skipped["val"].values()))
        st.info(as_shown(f"No images to lay out: {'; '.join(reasons)}."), icon=":material/visibility_off:")
        return
    task = selection.task if selection.task in evaluated else evaluated[0]
    recipe = lab.recipe
    baseline = lab.results.baseline
    pinned = None if baseline is None or baseline.recipe == recipe else baseline.recipe
    connected = _ENDS if pinned is None else _ENDS | _PINNED_ENDS
    with card("map.images", f"Images of {task} among their classes, under the Merge lab's recipe"):
        with st.container(horizontal=True):
            layout = choice_segments(selection, "images", "Layout", LAYOUTS, default="PCA", page="map")
            ends = choice_segments(
                selection, "moves", "Connect", list(connected), default=next(iter(connected)), page="map"
            )
            which = choice_segments(
                selection, "flips", "Answers on the way", list(Flips), default=Flips.ALL, page="map"
            )
        answer = ask(
            diagnosis,
            "map.images",
            Measurement(
                (task, recipe.digest(), layout, pinned and pinned.digest()),
                lambda context: image_features(
                    bench,
                    task,
                    recipe,
                    context,
                    n_images=QUICK_SAMPLE,
                    method=layout.lower(),
                    pinned=pinned,
                ),
            ),
            label=laying_out("the images", layout),
        )
        if answer.value is None:
            return
        with st.container(key=f"map.images.{'current' if answer.is_current else 'stale'}"):
            # While a run that was just pinned is evaluated, the images shown lack it.
            drawn = connected[ends] if set(connected[ends]) <= answer.value.points.keys() else (BASE, MERGED)
            _draw(answer.value, drawn, Flips(which))


def _draw(every: ImageFeatures, ends: tuple[str, str], which: Flips) -> None:
    takeaway, found = features_takeaway(every), flipping(every, ends, which)
    st.markdown(f"**{as_shown(takeaway)}**")
    if not len(found.labels):
        st.info(
            f"No image of this task is {which} from {' to '.join(ends)}.", icon=":material/filter_alt_off:"
        )
        return
    event = st.altair_chart(
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
            tab_palette(),
            strokes=ends,
        ),
        key="map.images",
        theme=None,
        on_select="rerun",
        selection_mode=FRAME,
        alt=takeaway,
    )
    if frame := event["selection"].get(FRAME):
        framed_pictures(framed(found, ends, frame), ends)
    caption_and_table(
        "map.images",
        f"{_number(found, every)} validation images, projected together for all models shown. What is "
        f"projected is what the head sees: cosines to the {len(found.classes)} classes, whose names stand at "
        f"their own embeddings. {layout_note(every)} Pale marks: wrong answers. Distances on the plane are "
        "not distances to the decision boundary. Drag a frame to see its images; double-click removes it.",
        lambda: image_rows(every),
        has_camera=False,
    )


def _number(found: ImageFeatures, every: ImageFeatures) -> str:
    n, of = len(found.labels), len(every.labels)
    return str(of) if n == of else f"{n} of {of}"
