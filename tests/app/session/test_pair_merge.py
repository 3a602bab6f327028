from analysis.merge.recipe import Recipe
from app.bench.interference import pair_recipe
from app.session.pair_merge import pair_merge
from app.session.selection import Selection

TASKS = ("a", "b")
LAB = Recipe.from_mapping({"method": "ties", "scaling": 0.7}, tasks=TASKS)


def selection(**words):
    found = Selection(tasks=TASKS, places=(), components=())
    found.take(words)
    return found


def test_a_plain_sum_of_whole_updates_unless_another_is_chosen():
    merge = pair_merge(selection(), LAB)

    assert (merge.recipe, merge.in_words) == (pair_recipe(TASKS, 1.0), "at λ = 1")
    assert pair_merge(selection(scaling="0.5"), LAB).in_words == "at λ = 0.5"
    assert pair_merge(selection(scaling="9"), LAB).in_words == "at λ = 1"


def test_pairs_are_merged_as_the_lab_does():
    merge = pair_merge(selection(pairs="lab", scaling="0.5"), LAB)

    assert (merge.recipe, merge.in_words) == (LAB, "by the lab's recipe")
