from app.views.merge_lab.held_out import held_out_comparison, held_out_rows, held_out_sentence
from tests.made_runs import made_run


def test_difference_of_each_task_and_of_the_mean_is_that_of_the_same_images():
    mine, pinned = (
        made_run({"digits": "1111", "shapes": "1100"}),
        made_run({"digits": "1100", "shapes": "1100"}),
    )

    comparison = held_out_comparison(mine, pinned)

    assert [row["against pinned"] for row in held_out_rows(mine, comparison)] == [
        "+50.0 points",
        "0.0 points",
    ]
    assert held_out_sentence(comparison).startswith("Against the pinned run on test: +25.0 points (")


def test_without_a_pinned_score_there_is_no_column_of_differences():
    (row,) = held_out_rows(made_run({"digits": "1110"}), None)

    assert row["test"] == "75.0\xa0%"
    assert "against pinned" not in row
    assert "not scored on test" in held_out_sentence(None)
