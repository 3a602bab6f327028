"""An open zoo at work: its weights, its encoder, what was measured on it, and the way to measure more."""

import torch

from analysis.merge.engine import MergeEngine
from app.bench.bench_setup import EvaluationSetup
from app.bench.bound_encoder import bound_encoder
from app.bench.history import History
from app.bench.identities import IdentityCheck
from app.bench.mask_statistics import MaskStatistics
from app.bench.measuring.measured_runs import MeasuredRuns
from app.bench.remembered import Remembered
from app.bench.weight_results import WeightResults
from app.bench.weight_statistics import WeightStatistics
from app.zoo.opening import ZooWeights


class Workbench:
    """One zoo on one device, ready to merge and to measure."""

    def __init__(
        self, zoo: ZooWeights, setup: EvaluationSetup, *, device: torch.device, history: History
    ) -> None:
        """Bind the encoder to the engine's buffer; one that the checkpoints do not fit evaluates nothing."""
        self.zoo = zoo
        self.device = device
        self.history = history
        self.tasks = zoo.task_vectors.tasks
        """Names of the zoo's tasks, in its order."""
        self.short_names = zoo.file.short_names
        """What charts call the tasks and controls whose names leave no room."""
        self.engine = MergeEngine(zoo.task_vectors, device=device)
        self.remembered = Remembered(
            history.store,
            {"zoo": history.fingerprint, "device": history.device},
            shipped=history.shipped,
        )
        """Of merges; results about the weights alone do not depend on images and device."""
        results = WeightResults(zoo.task_vectors, history.store, zoo.fingerprint)
        self.weights = WeightStatistics(results)
        self.masks = MaskStatistics(results)
        evaluator, setup = bound_encoder(zoo, setup, self.engine, device=device)
        self.setup = setup
        self.warnings = (*zoo.warnings, *setup.warnings)
        """What looks wrong with the zoo, one sentence each."""
        measuring = MeasuredRuns(self.engine, evaluator, setup, history)
        self.run = measuring.run
        self.anchors = measuring.anchors
        self.evaluate_update = measuring.evaluate_update
        self.class_cosines = measuring.class_cosines
        self.largest_sample = measuring.largest_sample
        self.seconds = measuring.seconds
        self.recall = measuring.recall
        self.checks: dict[object, tuple[IdentityCheck, ...]] = {}
        """What was found of merges whose outcome is known beforehand, by what decides it."""
