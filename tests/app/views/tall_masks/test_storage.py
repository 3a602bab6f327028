import pytest

from app.views.tall_masks.storage import (
    storage_formulas,
    storage_rows,
    storage_takeaway,
    storage_ways,
    zoo_storage,
)


def test_formula_is_spelled_out_with_the_zoos_numbers():
    ways = storage_ways(zoo_storage(8, 419_456, 22))

    assert ways[0][:3] == ("every fine-tuned model", "32 (T·P + F)", "32 (8 · 419\xa0456 + 22)")
    assert ways[1][:3] == ("base, sum and masks", "(64 + T)·P + 32·F", "(64 + 8) · 419\xa0456 + 32 · 22")
    for *_, numbers, bits in ways:
        arithmetic = numbers.replace("(8 ·", "*(8 ·").replace(") ·", ")*").replace("·", "*")
        assert (
            eval(arithmetic.replace("32 (", "32*(").replace(" ", "").replace("\xa0", "").replace("**", "*"))
            == bits
        )


def test_masks_of_many_tasks_save_much():
    takeaway = storage_takeaway(zoo_storage(20, 87_849_216, 25_599_489))

    assert takeaway == (
        "Base, sum and masks take 1.0\xa0GB, 2.3 times the size of one model; the 20 fine-tuned models take "
        "7.1\xa0GB, 15.7 times."
    )


@pytest.mark.parametrize(
    ("n_tasks", "expected"),
    [
        (
            1,
            "For 1 task, masks save nothing: base, sum and masks take 8.1 kB, the 1 fine-tuned model takes "
            "4.0 kB.",
        ),
        (
            2,
            "For 2 tasks, masks save nothing: base, sum and masks take 8.2 kB, the 2 fine-tuned models take "
            "8.0 kB.",
        ),
    ],
)
def test_masks_of_few_tasks_save_nothing(n_tasks, expected):
    assert storage_takeaway(zoo_storage(n_tasks, 1000, 0)).replace("\xa0", " ") == expected


def test_three_tasks_are_the_first_to_save():
    assert "save nothing" not in storage_takeaway(zoo_storage(3, 1000, 0))


def test_table_has_a_row_per_way():
    assert [row["bytes"] for row in storage_rows(zoo_storage(2, 8, 4))] == [80, 82, 48]


def test_formulas_stand_below_the_chart_with_their_result():
    assert storage_formulas(zoo_storage(2, 8, 4))[0] == (
        "every fine-tuned model: 32 (T·P + F) = 32 (2 · 8 + 4) = 640 bits"
    )
