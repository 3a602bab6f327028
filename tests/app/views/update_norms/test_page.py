import pytest
import torch
from safetensors.torch import load_file, save_file

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve
from app.words.recipe_text import recipe_to_link
from tests.app_pages import click, figures, in_the_whole_app, pick_row, recipe_of, said
from tests.zoo_on_disk import TASKS, write_zoo

LAYERS = ["stem", "ln_pre", "0", "1", "2", "ln_post", "proj"]


@pytest.fixture
def page(open_page, settle, tiny_zoo):
    return settle(open_page("Update norms", tiny_zoo))


def figure_of(page, key):
    (place,) = [place for place, chart in enumerate(page.get("plotly_chart")) if chart.key == key]
    return figures(page)[place]


def norms_of(page, key="norms.map"):
    """What the map shows, by layer and column."""
    (cells,) = [trace for trace in figure_of(page, key)["data"] if trace["type"] == "heatmap"]
    return {
        (row, column): norm
        for row, norms in zip(cells["y"], cells["z"], strict=True)
        for column, norm in zip(cells["x"], norms, strict=True)
    }


def takeaways(page):
    return [text.strip("*").replace("\xa0", " ") for text in said(page.markdown) if text.startswith("**")]


def ending(elements, name):
    (found,) = [one for one in elements if one.key.rsplit(".", 1)[0].endswith(name)]
    return found


def word(page, name):
    """A word of the address, which AppTest gives as it was set or as it was read."""
    (one,) = (
        [page.query_params[name]] if isinstance(page.query_params[name], str) else page.query_params[name]
    )
    return one


def moved(zoo, task, part):
    """Relative norm over the tensors whose name holds a part, from the files, in percent."""
    base, tuned = load_file(zoo / "base.safetensors"), load_file(zoo / f"{task}.safetensors")
    inside = [name for name in base if name.startswith("visual.") and part in name]
    length = sum(float((tuned[name] - base[name]).double().square().sum()) for name in inside)
    return 100 * (length / sum(float(base[name].double().square().sum()) for name in inside)) ** 0.5


def test_map_shows_the_norms_of_the_checkpoints_in_network_order(page, tiny_zoo):
    shown = norms_of(page)

    assert list(dict.fromkeys(row for row, _ in shown)) == LAYERS
    assert list(dict.fromkeys(column for _, column in shown)) == list(TASKS)
    for task in TASKS:
        assert shown["2", task] == pytest.approx(moved(tiny_zoo, task, "resblocks.2."), rel=1e-4)
    assert shown["0", "deep"] == 0.0


def test_measure_is_kept_in_the_address(page, settle, open_page):
    ending(page.button_group, "measure").set_value("rms").run()

    shown = norms_of(settle(page))
    assert word(page, "measure") == "rms"
    assert shown["0", "shallow"] == pytest.approx(60, abs=2)  # zoo_on_disk: 0.06 a weight, here in 10⁻³
    again = settle(open_page("Update norms", measure="rms"))
    assert norms_of(again) == shown


def test_row_normalised_map_compares_tasks_within_a_layer(open_page, settle, tiny_zoo):
    shown = norms_of(settle(open_page("Update norms", tiny_zoo, measure="row")))

    assert sum(shown["2", task] for task in TASKS) == pytest.approx(0, abs=1e-9)
    assert shown["0", "deep"] == -100.0


def test_component_narrows_the_map(page, settle, tiny_zoo):
    settle(ending(page.selectbox, "component").select("mlp_in").run())

    shown = norms_of(page)
    assert shown["1", "everywhere"] == pytest.approx(moved(tiny_zoo, "everywhere", "1.mlp.c_fc"), rel=1e-4)
    assert shown["stem", "everywhere"] is None
    assert "##### Norms by layer and task, MLP in" in said(page.markdown)


def test_second_map_splits_layers_by_component(page, settle, tiny_zoo):
    settle(ending(page.selectbox, "task").select("everywhere").run())

    shown = norms_of(page, "norms.components")
    assert shown["1", "MLP in"] == pytest.approx(moved(tiny_zoo, "everywhere", "1.mlp.c_fc"), rel=1e-4)
    assert shown["proj", "q"] is None


def test_click_on_a_cell_chooses_its_layer_and_task_everywhere(page, settle, open_page):
    settle(click(page, "norms.map", y="2", x="deep"))

    assert (word(page, "layer"), word(page, "task")) == ("visual:2", "deep")
    assert "##### How much single weights change, block 2" in said(page.markdown)
    other = settle(open_page("Map"))
    assert ending(other.selectbox, "layer").value == "visual:2"
    assert ending(other.selectbox, "task").value == "deep"


def test_click_on_a_bar_chooses_a_layer_or_a_task_alone(page, settle):
    settle(click(page, "norms.map", y="1", x=3.5))
    settle(click(page, "norms.map", y=2.0, x="shallow"))

    assert (word(page, "layer"), word(page, "task")) == ("visual:1", "shallow")


def test_click_on_a_component_chooses_it_with_its_layer(page, settle):
    settle(click(page, "norms.components", y="0", x="k"))

    assert word(page, "component") == "attn_k"
    assert "##### How much single weights change, attention k of block 0" in said(page.markdown)


def test_click_on_a_line_chooses_its_task(page, settle):
    settle(click(page, "norms.magnitudes", x=0.1, y=0.2, customdata="everywhere"))

    assert word(page, "task") == "everywhere"


def test_address_restores_the_view(open_page, settle, tiny_zoo):
    page = settle(open_page("Update norms", tiny_zoo, layer="visual:0", task="shallow"))

    frames = [one for one in figure_of(page, "norms.map")["layout"]["shapes"] if one.get("name") == "chosen"]
    assert [(one["x0"], one["y0"]) for one in frames] == [(-0.5, 1.5)]
    lines = figure_of(page, "norms.magnitudes")["data"]
    assert [line["name"] for line in lines] == ["deep", "everywhere", "shallow", "normal"]


def test_takeaways_name_what_changed_most(page):
    first, second, third, *_ = takeaways(page)

    assert "'everywhere' has the largest update in 5 of 7 layers." in first
    assert second.startswith("For the average task, ")
    assert third.startswith("'everywhere' changes a typical weight of all layers most")


def choose_tensor(page, name):
    table = next(one for one in page.dataframe if one.key.startswith("norms.tensors"))
    row = list(table.value["tensor"]).index(name)
    return pick_row(page, table.key, row)


def test_chosen_tensor_shows_its_directions_beside_chance(open_page, settle, tiny_zoo):
    page = settle(open_page("Update norms", tiny_zoo, layer="visual:2", task="deep"))

    settle(choose_tensor(page, "mlp.c_fc.weight"))

    name = "visual.transformer.resblocks.2.mlp.c_fc.weight"
    base, tuned = load_file(tiny_zoo / "base.safetensors"), load_file(tiny_zoo / "deep.safetensors")
    update, null = figure_of(page, "norms.spectrum")["data"]
    assert update["y"] == pytest.approx(torch.linalg.svdvals(tuned[name] - base[name]).tolist(), rel=1e-3)
    assert len(null["y"]) == 16
    assert word(page, "tensor") == f"{name}~mlp_in"
    assert any(text.startswith("'deep' changes block 2's mlp.c_fc.weight in") for text in takeaways(page))


def test_directions_are_those_of_the_chosen_task_or_of_the_one_that_changed_most(open_page, settle, tiny_zoo):
    chosen = settle(open_page("Update norms", tiny_zoo, layer="visual:2", task="everywhere"))
    assert any(text.startswith("'everywhere' changes block 2's ") for text in takeaways(chosen))

    page = settle(open_page("Update norms", tiny_zoo, layer="visual:2"))
    assert any(text.startswith("'deep' changes block 2's ") for text in takeaways(page))


def test_weights_listed_are_those_changed_most_in_the_chosen_tensor(open_page, settle, tiny_zoo):
    page = settle(open_page("Update norms", tiny_zoo, layer="visual:2", task="deep"))
    settle(choose_tensor(page, "mlp.c_fc.weight"))

    table = page.dataframe[-1].value

    name = "visual.transformer.resblocks.2.mlp.c_fc.weight"
    base, tuned = load_file(tiny_zoo / "base.safetensors"), load_file(tiny_zoo / "deep.safetensors")
    expected = (tuned[name] - base[name]).abs().flatten().sort(descending=True).values[:100]
    assert table["tau"].abs().tolist() == pytest.approx(expected.tolist(), abs=1e-6)
    assert set(table["same_way"] + table["other_way"]) == {1}  # 'shallow' left block 2 alone


def test_vector_has_no_spectrum(open_page, settle, tiny_zoo):
    page = settle(open_page("Update norms", tiny_zoo, layer="visual:2", task="deep"))

    settle(choose_tensor(page, "ln_1.weight"))

    assert said(page.info) == [
        "No spectrum: block 2's ln_1.weight is a vector, which has a single direction. Choose a matrix in "
        "the table above."
    ]


def test_layer_without_the_component_is_explained(open_page, settle, tiny_zoo):
    page = settle(open_page("Update norms", tiny_zoo, layer="visual:stem", component="attn_q"))

    assert not page.exception
    assert (
        said(page.info)
        == ["There are no weights in attention q of stem. Choose another layer or component."] * 2
    )


def test_chosen_layer_is_scaled_in_the_lab_and_the_others_stay(page, settle):
    settle(click(page, "norms.map", y="1", x="deep"))
    app = in_the_whole_app("Update norms")
    ending(app.number_input, "factor.1").set_value(0.9).run()

    settle(app.button("norms.to_lab").click().run())

    assert said(app.title) == ["Merge lab"]
    assert recipe_of(app).scale == Curve(outside=0.3, blocks=(0.3, 0.9, 0.3))
    assert not app.exception


def test_several_layers_are_scaled_at_once(page, settle):
    app = in_the_whole_app("Update norms")
    ending(app.multiselect, "layers").set_value(["outside", "2"]).run()

    assert word(app, "layers") == "outside-2"
    settle(app.button("norms.to_lab").click().run())

    assert recipe_of(app).scale == Curve(outside=0.15, blocks=(0.3, 0.3, 0.15))


def test_nothing_is_scaled_until_a_layer_is_chosen(page):
    assert page.button("norms.to_lab").disabled


def test_unmeasured_alpha_leads_to_the_lab_first(open_page, settle, tiny_zoo):
    recipe = Recipe.from_mapping({"lines": {"beta": 0.5}}, tasks=TASKS)

    page = settle(open_page("Update norms", tiny_zoo, r=recipe_to_link(recipe)))

    assert "α" in said(page.info)[0]
    assert page.button("norms.open_lab")


def test_constant_scale_is_the_start_of_the_curve(open_page, settle, tiny_zoo):
    recipe = Recipe.from_mapping({"scaling": 0.8}, tasks=TASKS)

    page = settle(open_page("Update norms", tiny_zoo, r=recipe_to_link(recipe), layer="visual:0"))

    assert recipe_of(page).scale == Constant(0.8)
    assert ending(page.number_input, "factor.0").value == 0.4


def test_factor_of_a_large_scale_starts_beyond_the_usual_ends(open_page, settle, tiny_zoo):
    recipe = Recipe.from_mapping({"scaling": 17.4}, tasks=TASKS)

    page = settle(open_page("Update norms", tiny_zoo, r=recipe_to_link(recipe), layer="visual:0"))

    assert not page.exception
    assert ending(page.number_input, "factor.0").value == 8.7


def test_zoo_of_weights_alone_has_the_whole_page(open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path, with_encoder=False, with_heads=False, splits=())

    page = settle(open_page("Update norms", zoo))

    assert not page.exception
    assert len(figures(page)) == 4
    assert norms_of(page)["2", "deep"] > 0


def test_tensors_that_start_at_zero_are_left_out_and_listed(open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path)
    for name in ("base", *TASKS):
        weights = load_file(zoo / f"{name}.safetensors")
        weights["visual.ln_post.bias"] = torch.full((16,), 0.5 if name == "deep" else 0.0)
        save_file(weights, zoo / f"{name}.safetensors")

    page = settle(open_page("Update norms", zoo))

    assert norms_of(page)["ln_post", "deep"] == 0.0
    (listed,) = [one for one in page.expander if one.label.startswith("Left out")]
    assert listed.label.startswith("Left out: 1 tensor that starts at almost 0")


def test_zoo_without_updates_is_explained(open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path)
    for task in TASKS:
        save_file(load_file(zoo / "base.safetensors"), zoo / f"{task}.safetensors")

    page = settle(open_page("Update norms", zoo))

    assert not page.exception
    assert said(page.info) == ["No task changed any weight of this zoo, so there is no update to look at."]


def test_zoo_of_one_task_compares_it_with_no_other(open_page, settle, tmp_path):
    page = settle(open_page("Update norms", write_zoo(tmp_path, tasks=["deep"]), measure="row"))

    assert not page.exception
    assert takeaways(page)[0] == "No task has a larger update than the others."
    assert any(text.endswith("no other task changes these weights.") for text in takeaways(page))


def test_layers_of_two_towers_are_kept_apart(open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path)
    weights = load_file(zoo / "deep.safetensors")
    weights["token_embedding.weight"] += 0.1
    save_file(weights, zoo / "deep.safetensors")

    page = settle(open_page("Update norms", zoo, layer="text:stem"))

    rows = list(dict.fromkeys(row for row, _ in norms_of(page)))
    assert rows == ["text stem", *(f"visual {layer}" for layer in LAYERS)]  # as the file lists them
    assert ending(page.selectbox, "layer").options[1:] == rows
    assert "##### How much single weights change, text stem" in said(page.markdown)


def test_tables_hold_what_the_charts_draw(page):
    page.session_state["norms.map.table"] = True

    page.run()

    rows = page.dataframe[0].value
    assert list(rows.columns) == ["tower", "layer", "task", "relative", "n"]
    assert len(rows) == len(LAYERS) * len(TASKS)
