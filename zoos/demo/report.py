"""The files that describe the zoo: `zoo.toml` and `README.md`."""

import json
from pathlib import Path

from families import FAMILIES
from figures import Figures
from measures import SCALINGS, mcnemar, mean_accuracy
from stages import Settings
from training import LOGIT_SCALE, MEAN, STD

TEMPLATE = Path(__file__).with_name("README.template.md")


def zoo_toml(figures: Figures) -> str:
    """The zoo's description, expected accuracies on test included."""
    parts = [
        f"""name = "Demo: eight small vision tasks"

[encoder]
model = "config.json"
image_mean = {list(MEAN)}
image_std = {list(STD)}
logit_scale = {LOGIT_SCALE}

[base]
checkpoint = "zeroshot.safetensors"
"""
    ]
    for task, family in FAMILIES.items():
        zero_shot, fine_tuned = figures.zero_shot[task].mean(), figures.fine_tuned[task].mean()
        parts.append(
            f"""[[tasks]]
name = "{task}"
checkpoint = "{task}.safetensors"
head = "heads.safetensors#{task}"
classes = {json.dumps(family.classes, ensure_ascii=False)}
val = "{task}_val.safetensors"
test = "{task}_test.safetensors"
expected = {{ zeroshot = {zero_shot:.4f}, finetuned = {fine_tuned:.4f} }}
"""
        )
    return "\n".join(parts)


def accuracy_table(figures: Figures) -> str:
    """Test accuracies in percent, a task a row and their mean, as Markdown."""
    measured = [figures.zero_shot, figures.fine_tuned, figures.task_arithmetic, figures.lines]
    rows = [
        "| task | classes | zero-shot | fine-tuned | task arithmetic | LiNeS | pixels |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for task, family in FAMILIES.items():
        cells = [*(correct[task].mean() for correct in measured), figures.pixels[task]]
        rows.append(f"| {task} | {len(family.classes)} | {_percent(cells)} |")
    pixels = sum(figures.pixels.values()) / len(figures.pixels)
    rows.append(f"| **mean** | | {_percent([*map(mean_accuracy, measured), pixels])} |")
    return "\n".join(rows)


def _percent(shares: list[float]) -> str:
    return " | ".join(f"{100 * share:.1f}" for share in shares)


def readme(figures: Figures, settings: Settings) -> str:
    """The page a curious reader opens: what is here, what it shows, why, and what else was tried."""
    gain = mean_accuracy(figures.lines) - mean_accuracy(figures.task_arithmetic)
    return TEMPLATE.read_text(encoding="utf-8").format(
        table=accuracy_table(figures),
        scaling=figures.scaling,
        beta=figures.beta,
        grid=len(SCALINGS),
        gain=100 * gain,
        images=sum(len(hits) for hits in figures.lines.values()),
        p_value=mcnemar(figures.task_arithmetic, figures.lines),
        tasks="\n".join(
            f"| {task} | {', '.join(family.classes)} | {family.familiar} | {family.strange} |"
            for task, family in FAMILIES.items()
        ),
        severity=settings.severity,
        strangeness=settings.strangeness,
        familiar=100 * figures.familiar,
        strange=100 * figures.strange,
        deep_only=100 * figures.deep_only,
        shallow_only=100 * figures.shallow_only,
        summary=_summary(figures),
    )


def _summary(figures: Figures) -> str:
    lowest = min(hits.mean() for hits in figures.fine_tuned.values())
    zero_shot, fine_tuned, plain, lines = (
        f"{100 * mean_accuracy(correct):.1f}"
        for correct in (figures.zero_shot, figures.fine_tuned, figures.task_arithmetic, figures.lines)
    )
    p_value = mcnemar(figures.task_arithmetic, figures.lines)
    return f"{zero_shot} | {fine_tuned} ({100 * lowest:.1f}) | {plain} | {lines} | {p_value:.0e}"
