"""The figures of a finished zoo: both merges chosen on validation, everything measured on test."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from measures import (
    BETAS,
    SCALINGS,
    Correct,
    Judge,
    added_up,
    best,
    half_reset,
    mean_accuracy,
    merged,
    pixel_accuracy,
)
from stages import ENCODER, Settings, heads, pictures
from training import Images, deterministic_device, new_encoder
from weights import Weights, load_weights


class Figures(NamedTuple):
    """What the finished zoo shows on test."""

    zero_shot: Correct
    fine_tuned: Correct
    task_arithmetic: Correct
    lines: Correct
    pixels: dict[str, float]
    """Accuracy of logistic regression on raw pixels, in [0, 1]."""
    familiar: float
    """Mean zero-shot accuracy on familiar pictures alone, in [0, 1]."""
    strange: float
    """The same on strange pictures alone."""
    deep_only: float
    """Mean accuracy of the fine-tuned models with the shallow half of the blocks set back to theta_0."""
    shallow_only: float
    """The same with the deep half set back."""
    scaling: float
    """lambda of task arithmetic, chosen on validation."""
    beta: float
    """beta of LiNeS, chosen on validation; its alpha is 1 / T."""


def measured(folder: Path, settings: Settings, *, val: dict[str, Images], test: dict[str, Images]) -> Figures:
    """Choose both merges on validation, then measure everything on test, once."""
    device = deterministic_device()
    theta_0 = load_weights(folder / "zeroshot.safetensors")
    experts = {task: load_weights(folder / f"{task}.safetensors") for task in test}
    judge = Judge(
        new_encoder(ENCODER).to(device), {task: head.to(device) for task, head in heads(settings).items()}
    )
    tau_mtl = added_up(theta_0, list(experts.values()))

    def on_val(alpha: float, beta: float) -> float:
        return mean_accuracy(judge.correct(merged(theta_0, tau_mtl, alpha, beta), val))

    def zero_shot(strangeness: float) -> float:
        dressed = replace(settings, strangeness=strangeness)
        return mean_accuracy(
            judge.correct(theta_0, {task: pictures(task, "test", 512, dressed) for task in test})
        )

    def with_experts(change: Callable[[Weights], Weights]) -> Correct:
        return {task: judge.correct(change(experts[task]), {task: test[task]})[task] for task in experts}

    alpha = 1 / len(experts)
    scaling = best(SCALINGS, lambda scaling: on_val(scaling, 0.0))
    beta = best(BETAS, lambda beta: on_val(alpha, beta))
    return Figures(
        zero_shot=judge.correct(theta_0, test),
        fine_tuned=with_experts(lambda theta_t: theta_t),
        task_arithmetic=judge.correct(merged(theta_0, tau_mtl, scaling, 0.0), test),
        lines=judge.correct(merged(theta_0, tau_mtl, alpha, beta), test),
        pixels={
            task: pixel_accuracy(pictures(task, "train", 4000, settings), images)
            for task, images in test.items()
        },
        familiar=zero_shot(0.0),
        strange=zero_shot(1.0),
        deep_only=mean_accuracy(with_experts(partial(half_reset, theta_0, deep=False))),
        shallow_only=mean_accuracy(with_experts(partial(half_reset, theta_0, deep=True))),
        scaling=scaling,
        beta=beta,
    )
