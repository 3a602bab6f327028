from types import SimpleNamespace

from app.views.tall_masks.evaluated_tasks import evaluated, halves_note


def diagnosis(**n_images):
    sets = {task: range(n) for task, n in n_images.items()}
    setup = SimpleNamespace(eval_sets={"val": sets})
    return SimpleNamespace(bench=SimpleNamespace(tasks=("a", "b", "c"), setup=setup))


def test_tasks_need_an_image_for_each_half():
    assert evaluated(diagnosis(b=2, a=10, c=1)) == ("a", "b")
    assert evaluated(diagnosis()) == ()


def test_note_gives_the_images_of_half_a_validation_set():
    note = "λ is chosen on one half of validation ({} images per task) and scored on the other half; "

    assert halves_note(diagnosis(a=10, b=11), "λ").startswith(note.format("5"))
    assert halves_note(diagnosis(a=10, b=40), "λ").startswith(note.format("5 to 20"))
