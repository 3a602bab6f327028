import pytest
from click.testing import CliRunner

from analysis.merge.recipe import Recipe
from app import resources
from app.__main__ import commands
from app.bench.interference import merged_only, pair_recipe
from app.words.recipe_text import recipe_to_link
from app.work.jobs import JobContext
from tests.app_pages import figures, fill, in_the_whole_app, recipe_of, run_until, said
from tests.zoo_on_disk import TASKS, write_zoo


@pytest.fixture
def page(open_page, settle, tiny_zoo):
    return settle(open_page("Measured interference", tiny_zoo))


def matrices(page):
    return [trace for figure in figures(page) for trace in figure["data"] if trace["type"] == "heatmap"]


def matrix(page):
    return matrices(page)[0]


def test_nothing_is_claimed_before_anything_is_measured(page):
    captions = said(page.caption)
    assert captions.count("Nothing is measured yet.") == 2
    assert any(text.endswith("no pair is measured yet.") for text in captions)
    assert "Accuracy as tasks are added is not measured yet." in captions
    assert any("not measured yet" in text for text in captions)
    assert figures(page) == []
    assert not page.exception


def test_filled_matrix_has_a_cell_for_every_ordered_pair(page):
    fill(page, "interference.pairs")

    cells = matrix(page)
    assert list(cells["y"]) == list(TASKS)
    for r, row in enumerate(cells["z"]):
        assert [value is None for value in row] == [c == r for c in range(len(TASKS))]


def test_numbers_are_those_of_the_command_line(page, tiny_zoo):
    fill(page, "interference.pairs")
    shown = matrix(page)["z"]

    # The app holds this store, so the command measures again; both must come to the same.
    result = CliRunner().invoke(
        commands, ["measure", str(tiny_zoo), "interference", "--csv", "--device", "cpu"]
    )
    rows = [line.split(",") for line in result.stdout.strip().splitlines()]
    place = rows[0].index("loss_difference")
    for row in rows[1:]:
        r, c = TASKS.index(row[0]), TASKS.index(row[1])
        assert shown[r][c] == pytest.approx(-float(row[place]), abs=1e-6)


def test_what_was_measured_is_there_again_without_pressing(page, open_page, settle, tiny_zoo):
    fill(page, "interference.pairs")
    before = matrix(page)["z"]

    again = settle(open_page("Measured interference", tiny_zoo))

    run_until(again, lambda page: bool(matrices(page)) and matrix(page)["z"] == before)


def test_another_scaling_is_another_matrix(page, settle):
    fill(page, "interference.pairs")
    (slider,) = [one for one in page.slider if one.key.startswith("interference.scaling.")]

    settle(slider.set_value(0.5).run())

    assert matrices(page) == []
    assert page.query_params["scaling"] in ("0.5", ["0.5"])


def test_measure_can_be_accuracy(page):
    fill(page, "interference.pairs")
    (switch,) = [one for one in page.button_group if one.key.startswith("interference.cost.")]

    switch.set_value("accuracy").run()

    values = [value for row in matrix(page)["z"] for value in row if value is not None]
    assert all(abs(value * 40 / 100 - round(value * 40 / 100)) < 1e-6 for value in values)  # of 40 images


@pytest.mark.parametrize("topic", ["leave_out", "adding", "xi"])
def test_every_other_card_can_be_filled(page, topic):
    fill(page, f"interference.{topic}")

    assert not page.exception
    assert said(page.error) == []
    assert f"interference.{topic}.start" not in [one.key for one in page.button]


def test_lab_keeps_its_recipe(page):
    before = recipe_of(page)
    fill(page, "interference.pairs")

    assert recipe_of(page) == before


def test_a_link_chooses_the_pair(open_page, settle, tiny_zoo):
    page = settle(open_page("Measured interference", tiny_zoo, pair="deep~everywhere"))

    assert any("Weight disentanglement of deep and everywhere" in text for text in said(page.markdown))


@pytest.mark.parametrize("zoo", [{"with_encoder": False}, {"tasks": ["deep"]}])
def test_a_zoo_that_cannot_be_measured_states_what_is_missing(open_page, settle, tmp_path, zoo):
    page = settle(open_page("Measured interference", write_zoo(tmp_path, **zoo)))

    assert not page.exception
    assert any("Interference cannot be measured here" in text for text in said(page.info))
    assert figures(page) == []


def test_pairs_can_be_merged_by_the_labs_recipe(page, settle, tiny_zoo):
    (switch,) = [one for one in page.button_group if one.key.startswith("interference.pairs.")]

    settle(switch.set_value("lab").run())
    fill(page, "interference.pairs")

    recipe = recipe_of(page)
    bench = resources.workbenches().open(tiny_zoo, JobContext(), device="cpu")
    both, alone = (
        bench.run(merged_only(recipe, tasks), n_images=None).compute(JobContext()).predictions["deep"]
        for tasks in (frozenset({"deep", "everywhere"}), frozenset({"deep"}))
    )
    shown = matrix(page)["z"][TASKS.index("deep")][TASKS.index("everywhere")]
    assert shown == pytest.approx(float((both.log_prob - alone.log_prob).mean()), abs=1e-6)


def test_a_recipe_that_makes_one_task_the_base_is_refused(open_page, settle, tiny_zoo):
    recipe = Recipe.from_mapping(
        {"method": "consensus", "params": {"min_tasks": 3.0}, "scaling": 1.0}, tasks=TASKS
    )

    page = settle(open_page("Measured interference", tiny_zoo, r=recipe_to_link(recipe), pairs="lab"))

    assert not page.exception
    assert len([one for one in said(page.info) if "fewer than 3 tasks" in one]) == 3
    assert "interference.pairs.start" not in [button.key for button in page.button]


def test_a_pair_opens_in_the_lab_as_it_was_measured(open_page, settle, tiny_zoo):
    settle(open_page("Measured interference", tiny_zoo, pair=f"{TASKS[0]}~{TASKS[1]}", scaling="0.7"))
    app = settle(in_the_whole_app("Measured interference"))

    settle(app.button("interference.to_lab").click().run())

    assert said(app.title) == ["Merge lab"]
    assert recipe_of(app) == merged_only(pair_recipe(TASKS, 0.7), frozenset(TASKS[:2]))


def test_without_a_pair_there_is_nothing_to_open(page):
    assert "interference.to_lab" not in [button.key for button in page.button]


def test_accuracy_of_all_can_be_seen_while_tasks_are_added(page, settle):
    fill(page, "interference.adding")
    (before,) = [list(figure["data"][0]["y"]) for figure in figures(page)]
    (switch,) = [one for one in page.button_group if one.key.startswith("interference.over.")]

    settle(switch.set_value("all").run())

    (after,) = [list(figure["data"][0]["y"]) for figure in figures(page)]
    assert after[-1] == before[-1]
    assert after[0] != before[0]
