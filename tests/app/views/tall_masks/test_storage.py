import pytest

from app.views.tall_masks.storage import storage_rows, storage_takeaway, storage_ways, zoo_storage


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
    said = storage_takeaway(zoo_storage(20, 87_849_216, 25_599_489))

    assert (
        said == "Base, sum and masks take 1.0\xa0GB, 2.3 times one model; the 20 models take 7.1\xa0GB, "
        "15.7 times."
    )


@pytest.mark.parametrize("n_tasks", [1, 2])
def test_masks_of_few_tasks_save_nothing(n_tasks):
    assert "masks save nothing" in storage_takeaway(zoo_storage(n_tasks, 1000, 0))


def test_three_tasks_are_the_first_to_save():
    assert "save nothing" not in storage_takeaway(zoo_storage(3, 1000, 0))


def test_table_has_a_row_a_way():
    assert [row["bytes"] for row in storage_rows(zoo_storage(2, 8, 4))] == [80, 82, 48]
