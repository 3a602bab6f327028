"""Tasks that can be measured on the page, and how their validation images are split."""

from app.session.diagnosis import Diagnosis

FEWEST = 2
"""Images a task needs, so that both halves have one."""


def evaluated(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Tasks that can be measured, in the zoo's order."""
    sets = diagnosis.bench.setup.eval_sets["val"]
    return tuple(task for task in diagnosis.bench.tasks if task in sets and len(sets[task]) >= FEWEST)


def halves_note(diagnosis: Diagnosis, chosen: str) -> str:
    """What is chosen on one half of validation and scored on the other, with the number of images."""
    sets = diagnosis.bench.setup.eval_sets["val"]
    sizes = sorted({diagnosis.sample.of(len(sets[task])) // 2 for task in evaluated(diagnosis)})
    n = f"{sizes[0]}" if sizes[0] == sizes[-1] else f"{sizes[0]} to {sizes[-1]}"
    return (
        f"{chosen} is chosen on one half of validation ({n} images per task) and scored on the other half; "
        "both halves are fixed and stratified by class."
    )
