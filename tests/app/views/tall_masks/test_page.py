import json
from threading import Event

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from app import resources
from app.work.jobs import Lane
from tests.app_pages import click, figures, in_the_whole_app, recipe_of, run_until, said
from tests.planted_masks import PLANTED, write_planted_zoo
from tests.planted_masks import TASKS as PLANTED_TASKS
from tests.zoo_on_disk import TASKS, write_zoo

LONG = 60


@pytest.fixture
def page(open_page, settle, tiny_zoo):
    return settle(open_page("TALL masks", tiny_zoo))


@pytest.fixture(scope="session")
def planted(tmp_path_factory):
    return write_planted_zoo(tmp_path_factory.mktemp("planted"))


def figure_of(page, key):
    (place,) = [place for place, chart in enumerate(page.get("plotly_chart")) if chart.key == key]
    return figures(page)[place]


def trace_of(page, key, name):
    return next(trace for trace in figure_of(page, key)["data"] if trace.get("name") == name)


def takeaways(page):
    return [text.strip("*").replace("\xa0", " ") for text in said(page.markdown) if text.startswith("**")]


def titles(page):
    return [text.removeprefix("##### ") for text in said(page.markdown) if text.startswith("##### ")]


def ending(elements, name):
    (found,) = [one for one in elements if one.key.rsplit(".", 1)[0].endswith(name)]
    return found


def word(page, name):
    """A word of the address, which AppTest gives as it was set or as it was read."""
    held = page.query_params[name]
    return held if isinstance(held, str) else held[0]


def fill(page, topic):
    """Press a card's button and run the page until all is measured."""
    start = f"masks.{topic}.start"
    run_until(page, lambda page: start in [button.key for button in page.button])  # known ones are looked up
    page.button(key=start).click().run()
    for job in resources.worker().queue():
        assert job.wait(LONG)
    return page.run()


def shares(zoo, value):
    """Shares of the changed weights by how many masks keep them, from the files."""
    files = [load_file(zoo / f"{name}.safetensors") for name in ("base", *TASKS)]
    names = [
        name for name in files[0] if any(not torch.equal(files[0][name], one[name]) for one in files[1:])
    ]
    base, *tuned = [torch.cat([one[name].flatten() for name in sorted(names)]) for one in files]
    deltas = torch.stack([one - base for one in tuned])
    masks = deltas.abs() > value * (deltas.sum(dim=0) - deltas).abs()
    counts = torch.bincount(masks.sum(dim=0)[deltas.any(dim=0)], minlength=len(TASKS) + 1)
    return (counts / counts.sum()).tolist()


def test_bars_are_the_shares_of_the_checkpoints(page, tiny_zoo):
    assert trace_of(page, "masks.counts", "share")["y"] == pytest.approx(shares(tiny_zoo, 0.4))


def test_every_bar_stands_beside_its_null(page):
    null = trace_of(page, "masks.counts", "null")

    assert null["x"] == [0, 1, 2, 3]
    assert sum(null["y"]) == pytest.approx(1)


def test_slider_changes_every_card_and_the_address(page, settle, tiny_zoo, open_page):
    before = trace_of(page, "masks.densities", "amounts")["x"]

    settle(ending(page.slider, "masks.tall").set_value(0.8).run())

    assert word(page, "tall") == "0.8"
    assert trace_of(page, "masks.counts", "share")["y"] == pytest.approx(shares(tiny_zoo, 0.8))
    assert all(a > b for a, b in zip(before, trace_of(page, "masks.densities", "amounts")["x"], strict=True))
    assert page.number_input[0].value == 0.8
    again = settle(open_page("TALL masks", tall="0.8"))
    assert trace_of(again, "masks.counts", "share")["y"] == pytest.approx(shares(tiny_zoo, 0.8))


def test_typed_lambda_may_lie_beyond_the_slider(page, settle, tiny_zoo):
    settle(page.number_input[0].set_value(4.0).run())

    assert word(page, "tall") == "4"
    assert trace_of(page, "masks.counts", "share")["y"] == pytest.approx(shares(tiny_zoo, 4.0))
    assert ending(page.slider, "masks.tall").value == 1.5


def test_every_task_can_have_its_own_lambda(page, settle):
    before = trace_of(page, "masks.densities", "amounts")["x"]
    settle(ending(page.toggle, "separate").set_value(True).run())
    assert trace_of(page, "masks.densities", "amounts")["x"] == before

    (deep,) = [one for one in page.number_input if one.label == "λ deep"]
    settle(deep.set_value(1.2).run())

    after = trace_of(page, "masks.densities", "amounts")["x"]
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] < before[1]
    assert word(page, "tall_deep") == "1.2"
    settle(ending(page.toggle, "separate").set_value(False).run())
    assert trace_of(page, "masks.densities", "amounts")["x"] == before
    assert "tall_deep" not in page.query_params


def test_ties_is_another_vector(page, settle):
    before = trace_of(page, "masks.counts", "share")["y"]

    settle(ending(page.button_group, "masks.vector").set_value("ties").run())

    assert word(page, "vector") == "ties"
    assert trace_of(page, "masks.counts", "share")["y"] != before


def test_planted_selfish_weights_have_their_owners(open_page, settle, planted):
    page = settle(open_page("TALL masks", planted))

    (owners,) = [one for one in figure_of(page, "masks.owners")["data"] if one["type"] == "heatmap"]
    shown = {
        (row, column): share
        for row, line in zip(owners["y"], owners["z"], strict=True)
        for column, share in zip(owners["x"], line, strict=True)
        if share
    }
    assert shown == {("0", "a"): 0.4, ("0", "b"): 0.2, ("1", "c"): pytest.approx(1 / 7)}
    assert "there the sum exceeds every single task's update." in takeaways(page)[0]
    assert trace_of(page, "masks.counts", "share")["y"] == pytest.approx([6 / 21, 7 / 21, 2 / 21, 0, 6 / 21])
    assert any("No task changed 3 further weights" in text for text in said(page.caption))


def test_planted_combinations_are_the_columns_of_the_upset(open_page, settle, planted):
    page = settle(open_page("TALL masks", planted))

    bars = trace_of(page, "masks.combinations", "combinations")
    members = trace_of(page, "masks.combinations", "members")
    changed = sum(any(row) for rows in PLANTED.values() for row in rows)
    assert [round(changed * share) for share in bars["y"]] == [6, 6, 4, 2, 2, 1]
    assert set(members["customdata"]) == set(PLANTED_TASKS)


def test_layer_narrows_the_other_cards(page, settle):
    whole = trace_of(page, "masks.counts", "share")["y"]

    settle(click(page, "masks.layers", y="2"))

    assert word(page, "layer") == "visual:2"
    assert trace_of(page, "masks.counts", "share")["y"] != whole
    assert "Weights by how many masks keep them, block 2" in titles(page)
    # shallow changed block 0 alone: in block 2 its mask keeps nothing
    assert trace_of(page, "masks.densities", "amounts")["x"][TASKS.index("shallow")] == 0


def test_component_narrows_the_layers(page, settle):
    settle(click(page, "masks.components", y="MLP in"))

    assert word(page, "component") == "mlp_in"
    assert "Mask counts by layer, MLP in" in titles(page)


def test_cell_of_the_overlap_chooses_the_pair(page):
    click(page, "masks.overlap", x="everywhere", y="shallow")

    assert word(page, "pair") == "shallow~everywhere"


def test_dot_of_the_upset_chooses_the_task(page):
    click(page, "masks.combinations", x=0, y=1, customdata="deep")

    assert word(page, "task") == "deep"


def test_tasks_are_rebuilt_and_measured(page):
    fill(page, "reconstruction")

    measured = trace_of(page, "masks.reconstruction", "measured")
    assert measured["y"] == list(TASKS)
    assert all(abs(share * 36 - round(share * 36)) < 1e-9 for share in measured["x"])  # of 36 right images
    assert any("of their fine-tuned accuracy on average" in text for text in takeaways(page))


def test_a_quick_sample_measures_fewer_images_on_every_card(open_page, settle, tiny_zoo, monkeypatch):
    monkeypatch.setattr("app.session.sample.QUICK_SAMPLE", 20)
    page = settle(open_page("TALL masks", tiny_zoo))

    settle(page.segmented_control(key="masks.best.images.all").set_value("20, quick").run())
    fill(page, "reconstruction")

    (note,) = [text for text in said(page.caption) if text.startswith("Accuracy of θ₀ + mₜ")]
    assert "(20 per task)" in note
    assert sum("on 20 validation images per task" in text for text in said(page.caption)) == 2
    assert sum("(10 images per task)" in text for text in said(page.caption)) == 1


def test_best_lambdas_are_measured_and_used(page, settle):
    ending(page.text_input, "best_grid").set_value("0.2, 0.9").run()
    fill(page, "best")
    assert any(text.startswith("With the best of 2 λ per task") for text in takeaways(page))

    settle(page.button(key="masks.best.use").click().run())

    assert {float(word(page, f"tall_{task}")) for task in TASKS} <= {0.2, 0.9}
    assert ending(page.toggle, "separate").value


def test_text_that_is_no_grid_is_refused_in_words(page):
    ending(page.text_input, "knock_grid").set_value("0.2, much").run()

    assert said(page.error) == [
        "Scales to try: '0.2, much' is not a list of numbers; separate numbers by commas, such as 0.2, 0.4."
    ]


def test_removals_are_measured_beside_random_draws(page):
    ending(page.text_input, "knock_grid").set_value("0.3").run()
    fill(page, "knock_outs")

    figure = figure_of(page, "masks.knock_outs")
    assert figure["layout"]["yaxis"]["ticktext"] == [
        "nothing removed",
        "without selfish weights",
        "without catastrophic weights",
        "without both kinds",
    ]
    assert sum(shape["name"] == "random" for shape in figure["layout"]["shapes"]) == 6
    assert any(
        text.startswith("With every merge at its own best scale, removing") for text in takeaways(page)
    )


def test_measured_cards_start_again_when_lambda_changes_and_come_back(page, settle):
    fill(page, "reconstruction")
    before = trace_of(page, "masks.reconstruction", "measured")["x"]

    settle(ending(page.slider, "masks.tall").set_value(0.8).run())
    assert not [chart for chart in page.get("plotly_chart") if chart.key == "masks.reconstruction"]

    settle(ending(page.slider, "masks.tall").set_value(0.4).run())
    for job in resources.worker().queue():
        assert job.wait(LONG)
    page.run()
    assert trace_of(page, "masks.reconstruction", "measured")["x"] == before


def test_consensus_goes_to_the_lab(open_page, settle, tiny_zoo, monkeypatch):
    settle(open_page("TALL masks", tiny_zoo, tall="0.6", vector="ties"))
    app = settle(in_the_whole_app("TALL masks"))

    app.button(key="masks.consensus").click().run()

    recipe = recipe_of(settle(app))
    assert recipe.method == "consensus"
    assert (recipe.params.min_tasks, recipe.params.tall_lambda, recipe.params.vector) == (2.0, 0.6, "ties")
    assert "Merge lab" in said(app.title)


def test_masks_are_saved_under_the_typed_name(page, settle, tmp_path):
    path = tmp_path / "merged" / "masks.safetensors"
    page.text_input(key="masks.path").set_value("masks.safetensors").run()

    settle(page.button(key="masks.save").click().run())

    kept = {task: int(np.unpackbits(mask.numpy()).sum()) for task, mask in load_file(path).items()}
    assert said(page.success) == [f"Saved as {path}"]
    densities = trace_of(page, "masks.densities", "amounts")
    sizes = {kept[task] / share for task, share in zip(densities["y"], densities["x"], strict=True) if share}
    assert max(sizes) == pytest.approx(min(sizes))  # of the same weights in scope
    assert kept.keys() == set(TASKS)


def test_masks_are_not_saved_over_the_zoo(page, settle, tiny_zoo):
    page.text_input(key="masks.path").set_value(str(tiny_zoo / "base.safetensors")).run()

    settle(page.button(key="masks.save").click().run())

    assert any("does not lie below" in text for text in said(page.error))


def test_zoo_without_images_states_what_is_missing(open_page, settle, tmp_path):
    page = settle(open_page("TALL masks", write_zoo(tmp_path, with_encoder=False)))

    assert not page.exception
    assert any("no validation set that can be evaluated" in text for text in said(page.info))
    assert not [button for button in page.button if button.key.endswith(".start")]


def test_one_task_alone_has_masks_too(open_page, settle, tmp_path):
    page = settle(open_page("TALL masks", write_zoo(tmp_path, tasks=["deep"])))

    assert not page.exception
    assert said(page.error) == []
    assert trace_of(page, "masks.counts", "share")["y"] == [0.0, 1.0]


def test_stopped_masks_can_be_asked_for_again(page, settle, tiny_zoo):
    go = Event()
    resources.worker().submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    ending(page.slider, "masks.tall").set_value(0.7).run()
    for job in resources.worker().queue():
        if job.topic.startswith("masks"):
            job.cancel()
    go.set()
    settle(page)
    assert trace_of(page, "masks.counts", "share")["y"] == pytest.approx(shares(tiny_zoo, 0.4))
    assert "λ = 0.4" in json.dumps(figure_of(page, "masks.densities"), ensure_ascii=False)  # of what is shown

    settle(page.button(key="ask.masks.again").click().run())
    settle(page.button(key="ask.masks.null.again").click().run())

    assert trace_of(page, "masks.counts", "share")["y"] == pytest.approx(shares(tiny_zoo, 0.7))
    assert len(trace_of(page, "masks.counts", "null")["y"]) == 4


def answers(page):
    """Value and null by label, whose link is left off."""
    return {one.label[1:].partition("](")[0]: (one.value, one.delta) for one in page.metric}


def test_answers_stand_above_the_cards_each_beside_its_null(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo))

    found = answers(page)
    assert list(found) == [
        "Selfish: one mask alone keeps them",
        "Catastrophic: no mask keeps them",
        "Rebuilt from their masks",
    ]
    (counted,) = [text for text in said(page.markdown) if text.startswith("**Exactly one mask keeps")]
    for (share, chance), of in zip(found.values(), ("selfish", "catastrophic"), strict=False):
        assert share in counted, of
        assert chance.removesuffix(" with random signs") in counted, of
    assert found["Rebuilt from their masks"][0] == "not measured"


def test_answer_of_rebuilt_tasks_comes_with_its_interval(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo))
    fill(page, "reconstruction")

    value, sample = answers(page)["Rebuilt from their masks, of fine-tuned"]
    assert value.endswith("%")
    assert sample.endswith("mean of 3 tasks")
