import re

import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines
from app.words.recipe_text import recipe_to_link
from tests.app_pages import (
    accuracies,
    click,
    figures,
    fill,
    in_the_whole_app,
    recipe_of,
    run_until,
    said,
    trace_of,
    with_background_work,
)
from tests.zoo_on_disk import TASKS, write_zoo

CARDS = ("sweep", "trade_off", "layers")


@pytest.fixture
def page(open_page, settle, tiny_zoo):
    return settle(open_page("LiNeS", tiny_zoo))


def named(elements, beginning):
    (found,) = [one for one in elements if one.key.startswith(beginning)]
    return found


def word(page, name):
    """A word of the address, which AppTest gives as it was set or as it was read."""
    found = page.query_params[name]
    return found if isinstance(found, str) else found[0]


def takeaways(page):
    return [text.strip("*").replace("\xa0", " ") for text in said(page.markdown) if text.startswith("**")]


def test_ramp_rises_from_the_rules_alpha_and_the_outside_stands_apart(page):
    assert list(trace_of(page, "outside")["y"]) == pytest.approx([1 / 3])
    assert list(trace_of(page, "factor")["y"]) == pytest.approx([1 / 3, 1 / 3 + 0.25, 1 / 3 + 0.5])
    assert list(trace_of(page, "before")["x"]) == ["outside", "0", "1", "2"]


def test_accuracies_are_those_of_this_ramp_on_validation(page, open_page, settle, tiny_zoo):
    shown = accuracies(page)

    recipe = Recipe.from_mapping({"lines": {"alpha": "auto", "beta": 0.5}}, tasks=TASKS)
    lab = settle(open_page("Merge lab", tiny_zoo, r=recipe_to_link(recipe)))
    assert shown == accuracies(lab)
    assert set(shown) == {*TASKS, "letters"}


def test_changing_beta_measures_the_new_ramp_on_this_page(page, settle):
    before = accuracies(page)

    settle(named(page.slider, "lines.beta.slider").set_value(3.0).run())

    assert list(trace_of(page, "factor")["y"])[-1] == pytest.approx(1 / 3 + 3.0)
    assert accuracies(page) != before
    assert word(page, "beta") == "3"
    assert named(page.number_input, "lines.beta.number").value == 3.0


def test_changed_slider_stays_the_same_slider(page, settle):
    slider = named(page.slider, "lines.beta.slider")

    settle(slider.set_value(0.55).run())

    assert named(page.slider, "lines.beta.slider").key == slider.key  # so that it keeps the keyboard


def test_alpha_can_be_typed_and_given_back_to_the_rule(page, settle):
    settle(named(page.number_input, "lines.alpha.number").set_value(0.15).run())

    assert next(iter(trace_of(page, "factor")["y"])) == pytest.approx(0.15)
    assert named(page.slider, "lines.alpha.slider").value == 0.15

    settle(page.button("lines.rule").click().run())

    assert next(iter(trace_of(page, "factor")["y"])) == pytest.approx(1 / 3)
    assert named(page.number_input, "lines.alpha.number").value == pytest.approx(1 / 3)


def test_typed_value_beyond_the_slider_stretches_it(page, settle):
    settle(named(page.number_input, "lines.beta.number").set_value(7.5).run())

    assert not page.exception
    assert named(page.slider, "lines.beta.slider").value == 7.5


def test_address_restores_both_ends(open_page, settle, tiny_zoo):
    page = settle(open_page("LiNeS", tiny_zoo, alpha="0.2", beta="0.7", merge="task_arithmetic"))

    assert list(trace_of(page, "factor")["y"]) == pytest.approx([0.2, 0.55, 0.9])


@pytest.mark.parametrize("word", ["abc", "999", "nan"])
def test_an_address_without_sense_leaves_alpha_to_the_rule(open_page, settle, tiny_zoo, word):
    page = settle(open_page("LiNeS", tiny_zoo, alpha=word))

    assert named(page.number_input, "lines.alpha.number").value == pytest.approx(1 / 3)


def test_ends_beyond_what_can_be_typed_are_shown(open_page, settle, tiny_zoo):
    recipe = Recipe.from_mapping({"lines": {"alpha": 240.0, "beta": -150.0}}, tasks=TASKS)

    page = settle(open_page("LiNeS", tiny_zoo, r=recipe_to_link(recipe)))

    assert not page.exception
    assert named(page.number_input, "lines.alpha.number").value == 240.0
    assert named(page.number_input, "lines.beta.number").value == -150.0


def test_lab_with_lines_brings_its_ends(open_page, settle, tiny_zoo):
    recipe = Recipe.from_mapping({"lines": {"alpha": 0.1, "beta": 0.9}, "weights": {"deep": 0}}, tasks=TASKS)

    page = settle(open_page("LiNeS", tiny_zoo, r=recipe_to_link(recipe)))

    assert list(trace_of(page, "factor")["y"]) == pytest.approx([0.1, 0.55, 1.0])


def test_ramp_opens_in_the_lab(page, settle):
    settle(named(page.slider, "lines.beta.slider").set_value(0.7).run())
    app = settle(in_the_whole_app("LiNeS"))

    settle(app.button("lines.open").click().run())

    assert said(app.title) == ["Merge lab"]
    assert recipe_of(app).scale == Lines(None, 0.7)


def test_nothing_is_drawn_before_it_is_measured(open_page, settle, tiny_zoo):
    between_the_betas_of_the_sweep = "0.55"

    page = with_background_work(settle(open_page("LiNeS", tiny_zoo, beta=between_the_betas_of_the_sweep)))

    assert len(figures(page)) == 2
    labels = [page.button(f"lines.{card}.start").label.partition(",")[0] for card in CARDS]
    zero_shot_is_known = "Resume"
    assert labels == ["Measure 43 merges", zero_shot_is_known, "Measure 5 merges"]


def line_of(page, name):
    """A line of the sweep."""
    (place,) = [place for place, chart in enumerate(page.get("plotly_chart")) if chart.key == "lines.betas"]
    return next(trace for trace in figures(page)[place]["data"] if trace["name"] == name)


def test_what_the_page_has_measured_itself_is_in_the_sweep_already(page):
    page = with_background_work(page)

    assert len(line_of(page, "lines")["x"]) == 1
    assert re.fullmatch(r"Resume, \d+ left, about \d+\ss", page.button("lines.sweep.start").label)


def test_sweep_has_three_lines_with_a_point_a_beta(page):
    fill(page, "lines.sweep")

    for name in ("lines", "constant", "reversed"):
        assert len(line_of(page, name)["x"]) == 11
    assert any(text.startswith("Best of 11 β for LiNeS") for text in said(page.caption))
    assert any("Each is at its own best, chosen on one half" in text for text in takeaways(page))


def test_sweep_of_ties_goes_further(page, settle):
    settle(named(page.button_group, "lines.merge").set_value("ties").run())

    fill(page, "lines.sweep")

    assert line_of(page, "lines")["customdata"][-1] == "lines~2"


def test_clicked_point_of_the_sweep_opens_in_the_lab(page, settle):
    fill(page, "lines.sweep")
    settle(click(page, "lines.betas", x=0.6, y=0.5, customdata="constant~0.6"))
    assert word(page, "point") == "constant~0.6"
    app = settle(in_the_whole_app("LiNeS"))

    settle(app.button("lines.sweep.open").click().run())

    scale = recipe_of(app).scale
    assert isinstance(scale, Constant)
    assert 1 / 3 < scale.scaling < 1 / 3 + 0.6


def test_point_chosen_from_the_menu_opens_in_the_lab(page, settle):
    fill(page, "lines.sweep")
    settle(named(page.selectbox, "lines.point").set_value("free~0.4").run())
    app = settle(in_the_whole_app("LiNeS"))

    settle(app.button("lines.sweep.open").click().run())

    assert word(page, "point") == "free~0.4"
    assert recipe_of(app).scale == Constant(0.4)


def test_one_task_alone_starts_at_its_fine_tuned_model(open_page, settle, tiny_zoo):
    page = settle(open_page("LiNeS", tiny_zoo, task="deep"))

    fill(page, "lines.trade_off")

    settings = trace_of(page, "settings")
    assert settings["customdata"][0] == "1"
    assert settings["x"][0] == 1.0
    assert any("'deep' alone" in text for text in said(page.markdown))


def test_clicked_point_of_the_trade_off_opens_in_the_lab(open_page, settle, tiny_zoo):
    page = settle(open_page("LiNeS", tiny_zoo, task="deep"))
    fill(page, "lines.trade_off")
    settle(click(page, "lines.forgetting", x=0.9, y=0.9, customdata="0.3"))
    app = settle(in_the_whole_app("LiNeS"))

    settle(app.button("lines.trade_off.open").click().run())

    recipe = recipe_of(app)
    assert recipe.scale == Lines(0.3, 0.7)
    assert recipe.weights == {"shallow": 0.0, "deep": 1.0, "everywhere": 0.0}


def cells_of(page):
    (cells,) = [trace for figure in figures(page) for trace in figure["data"] if trace["type"] == "heatmap"]
    return cells


def test_layers_have_a_row_each_and_switch_to_accuracy(page, settle):
    fill(page, "lines.layers")

    cells = cells_of(page)
    assert list(cells["y"]) == ["outside", "0", "1", "2"]
    assert list(cells["x"]) == list(TASKS)
    assert all(value is not None for row in cells["z"] for value in row)

    settle(named(page.button_group, "lines.worth").set_value("accuracy").run())

    assert cells_of(page)["z"] != cells["z"]
    assert cells_of(page)["colorbar"]["title"]["text"] == "points of accuracy"


def test_clicked_layer_is_chosen_on_every_page(page, settle):
    fill(page, "lines.layers")

    settle(click(page, "lines.worth", y="2", x="deep"))
    settle(click(page, "lines.worth", y="outside", x="shallow"))

    assert (word(page, "layer"), word(page, "task")) == ("visual:2", "shallow")
    bold = [name for figure in figures(page) for name in figure["layout"]["xaxis"].get("ticktext", [])]
    assert "<b>2</b>" in bold


def test_measurements_are_remembered_in_a_new_tab(page, open_page, settle, tiny_zoo):
    fill(page, "lines.layers")
    before = cells_of(page)["z"]

    again = settle(open_page("LiNeS", tiny_zoo))

    run_until(
        again, lambda page: before in [trace.get("z") for one in figures(page) for trace in one["data"]]
    )


def test_ties_has_a_profile_and_an_alpha_of_its_own(page, settle):
    before = list(trace_of(page, "before")["y"])

    settle(named(page.button_group, "lines.merge").set_value("ties").run())

    assert list(trace_of(page, "before")["y"]) != before
    assert next(iter(trace_of(page, "factor")["y"])) != pytest.approx(1 / 3)


def test_alpha_that_explodes_is_warned_about(open_page, settle, tiny_zoo):
    recipe = {"method": "ties", "params": {"density": 0.01}, "lines": {"beta": 0.5}}

    page = settle(open_page("LiNeS", tiny_zoo, r=recipe_to_link(Recipe.from_mapping(recipe, tasks=TASKS))))

    assert not page.exception
    (warning,) = said(page.warning)
    assert warning.startswith("By the paper's rule α is ")
    assert named(page.slider, "lines.alpha.slider").max >= named(page.slider, "lines.alpha.slider").value > 1


def test_mixed_signs_need_a_typed_alpha(open_page, settle, tiny_zoo):
    recipe = Recipe.from_mapping({"weights": {"deep": -1.0}, "scaling": 0.3}, tasks=TASKS)

    page = settle(open_page("LiNeS", tiny_zoo, r=recipe_to_link(recipe)))

    assert "one sign" in said(page.warning)[0]
    assert next(iter(trace_of(page, "factor")["y"])) == 0.3


def test_recipe_that_merges_nothing_is_explained(open_page, settle, tiny_zoo):
    recipe = Recipe.from_mapping({"weights": dict.fromkeys(TASKS, 0.0), "scaling": 0.3}, tasks=TASKS)

    page = settle(open_page("LiNeS", tiny_zoo, r=recipe_to_link(recipe)))

    assert not page.exception
    assert "merges nothing" in said(page.info)[0]


def test_zoo_of_weights_alone_still_shows_its_ramp(open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path, with_encoder=False, with_heads=False, splits=())

    page = settle(open_page("LiNeS", zoo))

    assert not page.exception
    assert len(figures(page)) == 1
    assert trace_of(page, "factor")["y"][-1] == pytest.approx(1 / 3 + 0.5)
    assert any(text.startswith("Accuracy under a ramp cannot be measured here") for text in said(page.info))


def test_zoo_of_one_task_has_nobody_who_forgets(open_page, settle, tmp_path):
    page = settle(open_page("LiNeS", write_zoo(tmp_path, tasks=["deep"])))

    assert not page.exception
    assert any("Forgetting cannot be measured here" in text for text in said(page.info))


def test_tables_hold_what_the_charts_draw(page):
    page.session_state["lines.profile.table"] = True

    page.run()

    rows = page.dataframe[0].value
    assert list(rows["layer"]) == ["outside", "0", "1", "2"]
    assert list(rows["factor"]) == pytest.approx([1 / 3, 1 / 3, 1 / 3 + 0.25, 1 / 3 + 0.5])
    assert list(rows["after"]) == pytest.approx(list(rows["factor"] * rows["before"]))
