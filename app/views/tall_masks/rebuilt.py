"""The batch of the tasks rebuilt from their masks, and what it has measured by now."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.evaluation.bootstrap import Estimate
from app.bench.evaluator import Predictions
from app.bench.mask_statistics import MaskSettings
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.evaluated_tasks import evaluated
from app.views.tall_masks.reconstruction import (
    Reconstructed,
    mean_reconstruction,
    reconstructed,
    reconstruction_plan,
)
from app.work.batch import Batch

REBUILT_TITLE = "Measured: each task rebuilt from its mask"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Tasks rebuilt at the page's settings; two cards show them."""

    batch: Batch[tuple[str, float | None], Mapping[str, Predictions]]
    tasks: tuple[str, ...]
    """Those that can be measured."""
    found: tuple[Reconstructed, ...]
    """Of the tasks measured by now."""
    mean: Estimate | None
    """Mean share of the fine-tuned accuracy over these; None before the first."""


def rebuilt_tasks(diagnosis: Diagnosis, settings: MaskSettings) -> Rebuilt:
    """Plan the batch, which measures nothing until it is started, and read what is known of it."""
    bench, tasks, n_images = diagnosis.bench, evaluated(diagnosis), diagnosis.sample.n_images
    wanted = [
        (task, tall_lambda)
        for task, tall_lambda in zip(bench.tasks, settings.tall_lambda, strict=True)
        if task in tasks
    ]
    batch = diagnosis.requests.batch("masks.reconstruction")
    batch.plan(
        (settings.vector, tuple(wanted), n_images),
        lambda: reconstruction_plan(bench, settings, wanted, n_images),
    )
    found = reconstructed(batch.results, wanted)
    return Rebuilt(batch, tasks, found, mean_reconstruction(batch.results, wanted))
