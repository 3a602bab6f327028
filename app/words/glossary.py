"""Glossary: the words of the field that stand on the pages, each in a sentence or two."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """What a word means here."""

    meaning: str
    """As Markdown."""
    source: str = ""
    """The paper it comes from, "arXiv:…"."""


GLOSSARY: Mapping[str, Term] = {
    "Zoo": Term(
        "A base model and the models fine-tuned from it, described in one `zoo.toml`, with heads and images "
        "to evaluate their merges on."
    ),
    "Base": Term("The pre-trained model θ₀ from which all tasks were fine-tuned."),
    "Task vector": Term(
        "What fine-tuning changed, τₜ = θₜ − θ₀: one number per weight. Also called the update of a task.",
        "arXiv:2212.04089",
    ),
    "Merge": Term(
        "One model from several: a method combines the task vectors, a scale multiplies the result, and the "
        "sum with the base is the merged model. Nothing is trained.",
        "arXiv:2212.04089",
    ),
    "λ": Term("The scale of a merge: 0 is the base; for one task by task arithmetic 1 is its own model."),
    "Task arithmetic": Term("The sum of the task vectors, times λ.", "arXiv:2212.04089"),
    "TIES": Term(
        "Keeps the largest weights of each task vector, elects one sign per weight, and averages those that "
        "agree with it. It is usual at λ = 1.",
        "arXiv:2306.01708",
    ),
    "LiNeS": Term(
        "A scale that grows linearly from the first block to the last: α in the first and outside the "
        "blocks, α + β in the last. Shallow layers, which tasks share, change less.",
        "arXiv:2410.17146",
    ),
    "Sign conflict": Term(
        "A weight that two tasks change in opposite directions: added up, the changes cancel.",
        "arXiv:2306.01708",
    ),
    "Chance": Term(
        "What the same update sizes would give with random signs. A number beside its chance shows what is "
        "special about these tasks, not about their sizes."
    ),
    "TALL mask": Term(
        "The weights that a task needs from the sum of all task vectors: those where its own update "
        "outweighs λ times the rest. The base plus the masked sum comes close to the task's own model.",
        "arXiv:2405.07813",
    ),
    "Selfish weight": Term("A weight that the mask of exactly one task keeps.", "arXiv:2405.07813"),
    "Catastrophic weight": Term("A weight that no task's mask keeps.", "arXiv:2405.07813"),
    "Consensus": Term(
        "A merge without selfish and catastrophic weights: at least two masks keep what stays.",
        "arXiv:2405.07813",
    ),
    "Zero-shot": Term("The base's accuracy on a task, before fine-tuning."),
    "Normalised accuracy": Term(
        "Accuracy of the merge divided by that of the task's own fine-tuned model: 100 % loses nothing."
    ),
    "Control": Term(
        "Something that is evaluated and never merged, to see what a merge costs elsewhere; it does not "
        "count in the mean."
    ),
    "Identity": Term(
        "A merge whose outcome is known beforehand: λ = 0 is the base, one task at λ = 1 is its own model. "
        "The lab checks them weight by weight."
    ),
    "Validation and test": Term(
        "Coefficients are chosen on validation images. A score on test is asked for, and counted: the more "
        "often one chooses by it, the more optimistic it is."
    ),
    "95 % interval": Term(
        "Where the number would lie for other images of the same kind, in 95 of 100 cases. Two merges are "
        "compared on the same images, which is far more precise than comparing their intervals."
    ),
    "Weight disentanglement": Term(
        "Whether a task's update changes only that task's predictions; ξ is how far it does not.",
        "arXiv:2305.12827",
    ),
    "Effective rank": Term(
        "How many directions of a weight matrix an update uses: the exponential of the entropy of its "
        "squared singular values."
    ),
}
"""By word, in the order in which one meets them."""
