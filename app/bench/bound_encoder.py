"""The encoder on the engine's buffer, or the reason why the checkpoints do not fit it."""

import torch

from analysis.merge.engine import MergeEngine
from app.bench.bench_setup import EvaluationSetup, without_encoder
from app.bench.evaluator import Evaluator
from app.errors import ZooError
from app.words.plain_text import sentence_of
from app.zoo.encoder_weights import bind
from app.zoo.opening import ZooWeights


def bound_encoder(
    zoo: ZooWeights, setup: EvaluationSetup, engine: MergeEngine, *, device: torch.device
) -> tuple[Evaluator | None, EvaluationSetup]:
    """Bind a zoo's encoder to what the engine merges.

    Returns:
        What evaluates, and the setup as it is then: without an encoder where the checkpoints do not fit it,
        for the weights need none.
    """
    if setup.encoder is None:
        return None, setup
    try:
        theta_0 = zoo.task_vectors.theta_0.to(engine.theta.device)
        linear_at = theta_0 if zoo.is_linearised else None
        bind(setup.encoder, engine.theta, zoo.task_vectors.layout, linear_at=linear_at)
    except ZooError as error:
        return None, without_encoder(zoo, sentence_of(error).rstrip("."), is_expected=False)
    return Evaluator(setup.encoder, setup.heads, device=device), setup
