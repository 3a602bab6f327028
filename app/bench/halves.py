"""Choosing on some images and reporting on others: the best of several never looks as good again.

The nested order makes the first half of an evaluation set a stratified sample; so is what it leaves.
"""

from app.bench.evaluator import Predictions
from app.bench.runs import first


def choosing_half(predictions: Predictions) -> Predictions:
    """The first half of the images in nested order: settings are chosen here."""
    return first(predictions, len(predictions.labels) // 2)


def reporting_half(predictions: Predictions) -> Predictions:
    """The other images: what was chosen is scored here."""
    half = len(predictions.labels) // 2
    return Predictions(
        predictions.task,
        predictions.labels[half:],
        predictions.prediction[half:],
        predictions.log_prob[half:],
        predictions.margin[half:],
    )
