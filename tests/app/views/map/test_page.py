import re

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import cosine_similarity

from analysis.merge.recipe import Recipe
from app.words.recipe_text import recipe_to_link
from tests.app_pages import figures, in_the_whole_app, recipe_of, said
from tests.zoo_on_disk import TASKS, write_zoo


@pytest.fixture
def page(open_page, settle, tiny_zoo):
    return settle(open_page("Map", tiny_zoo))


def figure_of(page, key):
    """The figure under a card's key."""
    (chart,) = [chart for chart in page.get("plotly_chart") if chart.key == key]
    return figures(page)[page.get("plotly_chart").index(chart)]


def cells(page):
    return next(trace for trace in figures(page)[0]["data"] if trace["type"] == "heatmap")


def update(zoo, task):
    base, tuned = load_file(zoo / "base.safetensors"), load_file(zoo / f"{task}.safetensors")
    return torch.cat([(tuned[name] - base[name]).flatten().double() for name in base])


def choose(page, name, label):
    (menu,) = [one for one in page.selectbox if one.key.startswith(f"map.{name}.")]
    return menu.select(label).run()


def test_cosines_are_those_of_the_checkpoints(page, tiny_zoo):
    shown = cells(page)["z"]

    expected = cosine_similarity(update(tiny_zoo, "deep"), update(tiny_zoo, "everywhere"), dim=0)
    assert shown[1][2] == pytest.approx(float(expected), abs=1e-6)
    assert shown[0][0] is None


def test_a_layer_that_only_some_tasks_changed_changes_what_is_shown(page, settle):
    everywhere = cells(page)["z"][1][2]

    settle(choose(page, "layer", "visual:2"))

    assert page.query_params["layer"] == ["visual:2"] or page.query_params["layer"] == "visual:2"
    assert cells(page)["z"][1][2] != pytest.approx(everywhere)
    assert any("block 2" in text for text in said(page.markdown))


def test_a_link_restores_task_and_layer(open_page, settle, tiny_zoo):
    page = settle(open_page("Map", tiny_zoo, layer="visual:2", task="deep"))

    assert any("Images of deep" in text for text in said(page.markdown))
    assert any("block 2" in text for text in said(page.markdown))


def test_the_pair_opens_in_the_lab(open_page, settle, tiny_zoo):
    settle(open_page("Map", tiny_zoo, pair="deep~everywhere"))
    app = settle(in_the_whole_app("Map"))

    settle(app.button("map.to_lab").click().run())

    assert said(app.title) == ["Merge lab"]
    assert recipe_of(app).weights == {task: float(task != "shallow") for task in TASKS}


def test_many_tasks_can_be_laid_out_by_umap(open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path, with_encoder=False, with_heads=False, splits=())
    base, generator = load_file(zoo / "base.safetensors"), torch.Generator().manual_seed(0)
    tasks = ""
    for k in range(30):
        moved = {
            name: weight + 0.1 * torch.randn(weight.shape, generator=generator)
            for name, weight in base.items()
        }
        save_file(moved, zoo / f"t{k}.safetensors")
        tasks += f"[[tasks]]\nname = 't{k}'\ncheckpoint = 't{k}.safetensors'\n"
    (zoo / "zoo.toml").write_text(f"name = 'Many'\n[base]\ncheckpoint = 'base.safetensors'\n{tasks}")

    page = settle(open_page("Map", zoo))
    (layout,) = [one for one in page.button_group if "directions" in one.key]
    settle(layout.set_value("UMAP").run())

    assert not page.exception
    assert "UMAP" in figure_of(page, "map.tasks")["layout"]["xaxis"]["title"]["text"]
    assert any(text.startswith("**UMAP keeps ") for text in said(page.markdown))


def test_few_tasks_have_no_umap(page):
    assert [one.key for one in page.button_group if "directions" in one.key] == []


def test_words_of_another_zoo_are_ignored(open_page, settle, tiny_zoo):
    page = settle(open_page("Map", tiny_zoo, layer="text:9", task="nobody"))

    assert not page.exception
    assert any("all layers" in text for text in said(page.markdown))


def test_images_are_those_under_the_labs_recipe(page):
    assert any(
        text.startswith("**Compared with the base, the merge") and "images of 'shallow'" in text
        for text in said(page.markdown)
    )


def test_a_zoo_without_images_shows_what_its_weights_give(open_page, settle, tmp_path):
    page = settle(open_page("Map", write_zoo(tmp_path, with_encoder=False)))

    assert not page.exception
    assert len(figures(page)) == 3
    assert any("No images to lay out" in text for text in said(page.info))


def test_images_can_be_those_alone_whose_answer_changes(open_page, settle, tiny_zoo):
    page = settle(open_page("Map", tiny_zoo, task="deep", flips="flipped"))

    (caption,) = [text for text in said(page.caption) if "validation images, projected" in text]
    n, of = re.match(r"(\d+) of (\d+) validation images", caption).groups()
    assert 0 < int(n) < int(of)


def test_task_without_such_images_states_so(open_page, settle, tiny_zoo):
    """The merge at λ = 0 is the base: no answer changes on the way."""
    link = recipe_to_link(Recipe.from_mapping({"scaling": 0.0}, tasks=TASKS))

    page = settle(open_page("Map", tiny_zoo, task="deep", flips="lost", r=link))

    assert any("No image of this task is lost" in text for text in said(page.info))
    assert not page.exception
