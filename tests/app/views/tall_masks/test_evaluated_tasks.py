from types import SimpleNamespace

from app.session.sample import Sample
from app.views.tall_masks.evaluated_tasks import evaluated, halves_note


def diagnosis(*, sample=None, **n_images):
    sets = {task: range(n) for task, n in n_images.items()}
    setup = SimpleNamespace(eval_sets={"val": sets})
    bench = SimpleNamespace(tasks=("a", "b", "c"), setup=setup)
    chosen = Sample(max(n_images.values(), default=0))
    chosen.choose(sample)
    return SimpleNamespace(bench=bench, sample=chosen)


def test_tasks_need_an_image_for_each_half():
    assert evaluated(diagnosis(b=2, a=10, c=1)) == ("a", "b")
    assert evaluated(diagnosis()) == ()


def test_note_gives_the_images_of_half_a_validation_set():
    note = "λ is chosen on one half of validation ({} images per task) and scored on the other half; "

    assert halves_note(diagnosis(a=10, b=11), "λ").startswith(note.format("5"))
    assert halves_note(diagnosis(a=10, b=40), "λ").startswith(note.format("5 to 20"))
    assert halves_note(diagnosis(a=10, b=400, sample=128), "λ").startswith(note.format("5 to 64"))
