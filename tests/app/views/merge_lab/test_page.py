from threading import Event

import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_methods
from analysis.merge.scaling import Constant, Curve, Lines
from app import resources
from app.views.merge_lab import strip_card
from app.views.merge_lab.better_position import BetterPosition
from app.views.merge_lab.strip import StripCurves
from app.words.recipe_text import recipe_from_yaml, recipe_to_link, recipe_to_yaml
from app.work.jobs import Lane
from cache.checkpoints import open_checkpoint
from tests.app_pages import accuracies, figures, recipe_of, said, select_of, slider_of, trace_of
from tests.resnet_zoo import write_resnet_zoo
from tests.zoo_on_disk import TASKS, write_zoo

LONG = 60


@pytest.fixture
def lab(open_page, settle, tiny_zoo):
    """The page with its first recipe measured."""
    return settle(open_page("Merge lab", tiny_zoo))


def recipe(**given):
    return Recipe.from_mapping({"scaling": 0.3, **given}, tasks=TASKS)


def metric(page, label):
    (found,) = [one.value for one in page.metric if one.label == label]
    return found


def button_with(page, label):
    (found,) = [one for one in page.button if one.label.startswith(label)]
    return found


def class_bars(page):
    return next(figure["data"][0] for figure in figures(page) if figure["data"][0].get("type") == "bar")


def share_right(page):
    bars = class_bars(page)
    right = sum(n * (share or 0) for n, share in zip(bars["customdata"], bars["y"], strict=True))
    return right / sum(bars["customdata"])


def is_there(page, key):
    return any(button.key == key for button in page.button)


def test_lab_opens_on_plain_task_arithmetic_with_every_task_measured(lab):
    assert recipe_of(lab) == recipe()
    assert set(accuracies(lab)) == {*TASKS, "letters"}
    assert None not in accuracies(lab).values()


def test_mean_is_that_of_the_tasks_without_the_controls(lab):
    mean = sum(accuracies(lab)[task] for task in TASKS) / len(TASKS)

    assert metric(lab, "Mean accuracy") == f"{100 * mean:.1f}\xa0%"


def test_slider_at_zero_gives_every_task_its_zero_shot_accuracy(lab, settle):
    settle(slider_of(lab, "scaling").set_value(0.0).run())

    zero_shot = trace_of(lab, "zero-shot")
    assert recipe_of(lab) == recipe(scaling=0.0)
    assert accuracies(lab) == dict(zip(zero_shot["y"], zero_shot["x"], strict=True))


def test_one_task_at_full_weight_scores_like_its_fine_tuned_model(lab, settle):
    link = recipe_to_link(recipe(scaling=1.0, weights={"shallow": 0.0, "deep": 1.0, "everywhere": 0.0}))
    lab.query_params["r"] = link
    settle(lab.run())

    fine_tuned = trace_of(lab, "fine-tuned")
    assert accuracies(lab)["deep"] == dict(zip(fine_tuned["y"], fine_tuned["x"], strict=True))["deep"]


def test_task_weight_slider_moves_its_task_alone(lab, settle):
    settle(slider_of(lab, "weight:deep").set_value(0.5).run())

    assert recipe_of(lab) == recipe(weights={"deep": 0.5})


def test_numbers_of_the_recipe_before_are_faint_until_the_new_ones_arrive(lab, settle):
    go = Event()
    resources.worker().submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)

    slider_of(lab, "scaling").set_value(1.0).run()
    waiting = trace_of(lab, "merge")["marker"]["opacity"]
    could_stop = is_there(lab, "merge_lab.stop")
    go.set()
    settle(lab)

    assert set(waiting) == {0.35}
    assert could_stop
    assert set(trace_of(lab, "merge")["marker"]["opacity"]) == {1.0}
    assert not is_there(lab, "merge_lab.stop")


def test_stop_keeps_the_numbers_there_were_and_the_next_move_is_measured(lab, settle):
    before = accuracies(lab)
    go = Event()
    resources.worker().submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)

    slider_of(lab, "scaling").set_value(1.2).run()
    lab.button("merge_lab.stop").click().run()
    go.set()
    settle(lab)
    stopped = accuracies(lab)
    settle(slider_of(lab, "scaling").set_value(0.0).run())

    assert stopped == before
    assert accuracies(lab) != before
    assert not lab.exception


def test_undo_and_redo_walk_along_the_recipes_and_move_the_sliders(lab, settle):
    settle(slider_of(lab, "scaling").set_value(0.8).run())

    settle(lab.button("merge_lab.undo").click().run())
    undone = recipe_of(lab), slider_of(lab, "scaling").value, lab.button("merge_lab.undo").disabled
    settle(lab.button("merge_lab.redo").click().run())

    assert undone == (recipe(), 0.3, True)
    assert (recipe_of(lab), slider_of(lab, "scaling").value) == (recipe(scaling=0.8), 0.8)
    assert lab.button("merge_lab.redo").disabled


def test_pinned_run_is_what_the_next_ones_are_compared_with(lab, settle):
    before = accuracies(lab)
    lab.button("merge_lab.pin").click().run()
    settle(slider_of(lab, "scaling").set_value(0.0).run())

    pinned = trace_of(lab, "pinned")
    assert dict(zip(pinned["y"], pinned["x"], strict=True)) == before
    change = sum(accuracies(lab)[task] - before[task] for task in TASKS) / len(TASKS)
    assert metric(lab, "To the pinned run") == f"{100 * change:+.1f}".replace("-", "−")
    shallow = accuracies(lab)["shallow"] - before["shallow"]
    texts = [note["text"] for note in figures(lab)[0]["layout"]["annotations"] if note["y"] == "shallow"]
    assert texts[1].partition("<br>")[0].strip("*") == f"{100 * shallow:+.1f}".replace("-", "−")


def test_pinned_run_has_its_name_and_what_was_changed_since(lab, settle):
    lab.button("merge_lab.pin").click().run()
    settle(slider_of(lab, "scaling").set_value(0.0).run())

    (told,) = [text for text in said(lab.markdown) if "**Pinned:**" in text]
    assert "Task arithmetic, λ 0.3" in told
    assert told.endswith("since then λ 0.3 → λ 0")

    settle(lab.button("merge_lab.swap_pinned").click().run())

    (told,) = [text for text in said(lab.markdown) if "**Pinned:**" in text]
    assert told.endswith("since then λ 0 → λ 0.3")
    assert recipe_of(lab) == recipe()

    settle(lab.button("merge_lab.load_pinned").click().run())

    assert recipe_of(lab) == recipe(scaling=0.0)


def test_pinned_run_is_in_the_address_and_a_link_brings_it_back(lab, settle, open_page, tiny_zoo):
    lab.button("merge_lab.pin").click().run()
    settle(slider_of(lab, "scaling").set_value(0.0).run())
    address = {name: lab.query_params[name] for name in ("r", "pin")}

    other = settle(open_page("Merge lab", tiny_zoo, **address))

    assert recipe_of(other) == recipe(scaling=0.0)
    assert metric(other, "To the pinned run") == metric(lab, "To the pinned run")
    other.button("merge_lab.unpin").click().run()
    assert "pin" not in other.query_params


def test_pinned_run_that_was_never_measured_here_is_measured_first(settle, open_page, tiny_zoo):
    page = settle(open_page("Merge lab", tiny_zoo, pin=recipe_to_link(recipe(scaling=0.77))))

    assert any("λ 0.77" in text for text in said(page.markdown) if "**Pinned:**" in text)
    assert metric(page, "To the pinned run")


def test_damaged_pin_in_a_link_is_told(settle, open_page, tiny_zoo):
    page = settle(open_page("Merge lab", tiny_zoo, pin="nonsense"))

    (error,) = said(page.error)
    assert error.startswith("The link's pinned run cannot be read: ")


def test_unpinned_run_is_compared_with_nothing(lab, settle):
    lab.button("merge_lab.pin").click().run()
    settle(slider_of(lab, "scaling").set_value(0.0).run())

    lab.button("merge_lab.unpin").click().run()

    assert set(trace_of(lab, "pinned")["x"]) == {None}
    assert "To the pinned run" not in [one.label for one in lab.metric]


@pytest.mark.parametrize("name", merge_methods())
def test_method_brings_its_own_sliders_and_is_measured(name, lab, settle):
    settle(select_of(lab, "method").select(name).run())

    assert recipe_of(lab).method == name
    sliders = {slider.key.partition("param:")[2] for slider in lab.slider} - {""}
    settings = merge_methods()[name].settings
    assert sliders == {key for key, one in settings.items() if hasattr(one, "low")}
    assert None not in accuracies(lab).values()
    assert not lab.exception


def test_setting_of_a_method_goes_into_the_recipe(lab, settle):
    settle(select_of(lab, "method").select("ties").run())

    settle(slider_of(lab, "param:density").set_value(0.6).run())

    assert recipe_of(lab) == recipe(method="ties", params={"density": 0.6}, scaling=1.0)


def test_method_brings_its_usual_scale_and_undo_brings_all_back(lab, settle):
    settle(slider_of(lab, "scaling").set_value(0.5).run())
    before = recipe_of(lab)

    settle(select_of(lab, "method").select("ties").run())
    changed = recipe_of(lab), slider_of(lab, "scaling").value
    settle(lab.button("merge_lab.undo").click().run())

    assert changed == (recipe(method="ties", scaling=1.0), 1.0)
    assert (recipe_of(lab), slider_of(lab, "scaling").value) == (before, 0.5)


def test_clearly_better_position_of_the_strip_is_offered_and_taken(lab, settle, monkeypatch):
    better = BetterPosition(0.9, 0.694, 0.604, 9)
    monkeypatch.setattr(strip_card, "better_position", lambda points, here: better if here != 0.9 else None)
    monkeypatch.setattr(
        strip_card, "strip_curves", lambda points: StripCurves([0.3, 0.9], [0.604, 0.694], {})
    )
    lab.run()

    sentence = next(one.value for one in lab.markdown if one.value.startswith("Best of 9"))
    settle(lab.button("merge_lab.take_best").click().run())

    assert sentence.replace("\xa0", " ") == "Best of 9 measured positions: λ 0.90, mean 69.4 % (here 60.4 %)."
    assert (recipe_of(lab), slider_of(lab, "scaling").value) == (recipe(scaling=0.9), 0.9)
    assert not [one for one in lab.button if one.key == "merge_lab.take_best"]


def test_lines_shows_the_alpha_that_its_rule_finds(lab, settle):
    scale = next(one for one in lab.button_group if one.key.endswith(".scale"))
    settle(scale.set_value("LiNeS").run())

    chosen = recipe_of(lab).scale
    assert isinstance(chosen, Lines)
    assert chosen.alpha is None
    found = float(metric(lab, "α found"))
    bars = next(figure["data"][0] for figure in figures(lab) if figure["data"][0]["x"][0] == "out")
    assert bars["y"][0] == pytest.approx(found, abs=5e-4)
    assert bars["y"][1:] == pytest.approx([found, found + 0.25, found + 0.5], abs=5e-4)


def test_alpha_taken_by_hand_starts_from_the_one_found(lab, settle):
    scale = next(one for one in lab.button_group if one.key.endswith(".scale"))
    settle(scale.set_value("LiNeS").run())
    found = float(metric(lab, "α found"))

    settle(next(one for one in lab.toggle if one.key.endswith(".alpha_auto")).set_value(False).run())

    assert slider_of(lab, "alpha").value == pytest.approx(found, abs=5e-4)
    chosen = recipe_of(lab).scale
    assert isinstance(chosen, Lines)
    assert chosen.alpha == slider_of(lab, "alpha").value


def test_curve_starts_from_the_factors_there_were_and_bends_block_by_block(lab, settle):
    scale = next(one for one in lab.button_group if one.key.endswith(".scale"))
    settle(scale.set_value("Curve").run())

    settle(slider_of(lab, "block:2").set_value(0.9).run())

    assert recipe_of(lab).scale == Curve(0.3, (0.3, 0.3, 0.9))


def test_scope_goes_into_the_recipe(lab, settle):
    settle(select_of(lab, "scope").select("blocks").run())

    assert recipe_of(lab) == recipe(scope="blocks")


def test_all_weights_can_be_set_scaled_and_reset_at_once(lab, settle):
    lab.number_input("merge_lab.bulk").set_value(0.4).run()

    settle(lab.button("merge_lab.set_all").click().run())
    at_once = recipe_of(lab).weights
    settle(lab.button("merge_lab.scale_all").click().run())
    scaled = recipe_of(lab).weights
    settle(lab.button("merge_lab.reset").click().run())

    assert (set(at_once.values()), set(scaled.values())) == ({0.4}, {0.16})
    assert recipe_of(lab) == recipe()


def test_on_apply_nothing_is_measured_until_the_button(lab, settle):
    before = accuracies(lab)
    lab.toggle("merge_lab.live").set_value(False).run()

    settle(slider_of(lab, "scaling").set_value(0.0).run())
    waiting = accuracies(lab), set(trace_of(lab, "merge")["marker"]["opacity"])
    settle(lab.button("merge_lab.apply").click().run())

    assert waiting == (before, {0.35})
    assert recipe_of(lab) == recipe(scaling=0.0)
    assert accuracies(lab) != before
    assert lab.button("merge_lab.apply").disabled


def test_recipe_file_moves_the_sliders(lab, settle):
    text = recipe_to_yaml(recipe(method="ties", params={"density": 0.5}, scaling=1.1))
    lab.file_uploader("merge_lab.import").upload("mine.yaml", text.encode(), "text/yaml").run()

    settle(lab.button("merge_lab.load").click().run())

    assert recipe_of(lab) == recipe(method="ties", params={"density": 0.5}, scaling=1.1)
    assert slider_of(lab, "param:density").value == 0.5
    assert not lab.error


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("method: [", "not valid YAML"),
        ("method: tias\nscaling: 0.3", "tias"),
        ("method: ties\nparams: {density: 20}\nscaling: 0.3", "density is 20"),
        ("scaling: 0.3\nweights: {cars: 1}", "cars"),
    ],
)
def test_recipe_file_that_is_none_is_refused_in_one_sentence(text, complaint, lab, settle):
    lab.file_uploader("merge_lab.import").upload("mine.yaml", text.encode(), "text/yaml").run()

    settle(lab.button("merge_lab.load").click().run())

    (error,) = said(lab.error)
    assert complaint in error
    assert recipe_of(lab) == recipe()
    assert not lab.exception


def test_link_brings_its_recipe_to_a_new_tab(open_page, settle, tiny_zoo):
    wanted = recipe(method="ties", params={"density": 0.5}, scaling=1.1, weights={"deep": 0.5})

    page = settle(open_page("Merge lab", tiny_zoo, r=recipe_to_link(wanted)))

    assert recipe_of(page) == wanted
    assert slider_of(page, "weight:deep").value == 0.5
    assert None not in accuracies(page).values()


@pytest.mark.parametrize("word", ["nonsense", "eJw", "%%%", ""])
def test_damaged_link_is_refused_in_one_sentence_and_the_lab_works(word, open_page, settle, tiny_zoo):
    page = settle(open_page("Merge lab", tiny_zoo, r=word))
    complaints = said(page.error)
    settle(slider_of(page, "scaling").set_value(0.8).run())

    assert complaints == ["The link's recipe is damaged; ask for the link again."]
    assert recipe_of(page) == recipe(scaling=0.8)
    assert not page.error
    assert not page.exception


def test_link_names_a_zoo_in_a_folder_that_the_app_was_started_for(open_page, settle, tiny_zoo, tmp_path):
    other = write_zoo(tmp_path / "other", tasks=TASKS[:2])

    page = settle(open_page("Merge lab", tiny_zoo, zoo=str(other)))

    assert not page.warning
    assert page.query_params["zoo"] == str(other)


@pytest.mark.parametrize("name", ["elsewhere", "nowhere"])
def test_link_to_a_zoo_elsewhere_is_not_followed(open_page, settle, tiny_zoo, tmp_path_factory, name):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write_zoo(elsewhere / "elsewhere")

    page = settle(open_page("Merge lab", tiny_zoo, zoo=str(elsewhere / name)))

    (warning,) = said(page.warning)
    assert "lies outside the folders in which this server opens zoos" in warning
    assert f"start the server with --root '{elsewhere / name}'" in warning
    assert "zoo" not in page.query_params


def test_link_to_a_folder_without_a_zoo_opens_the_apps_own(open_page, settle, tiny_zoo, tmp_path):
    page = settle(open_page("Merge lab", tiny_zoo, zoo=str(tmp_path / "nowhere")))

    (warning,) = said(page.warning)
    assert "has no zoo.toml" in warning
    assert not page.exception
    assert "zoo" not in page.query_params


def test_every_score_on_test_is_counted(lab, settle):
    assert lab.button("merge_lab.test").label == "Score this recipe on test"

    settle(lab.button("merge_lab.test").click().run())
    settle(slider_of(lab, "scaling").set_value(0.0).run())
    settle(lab.button("merge_lab.test").click().run())

    assert any(text.startswith("**Test: ") for text in said(lab.markdown))
    assert any("Test evaluations so far: 2." in text for text in said(lab.caption))


def test_score_on_test_stands_task_by_task_beside_that_of_the_pinned_run(lab, settle):
    settle(lab.button("merge_lab.test").click().run())
    settle(lab.button("merge_lab.pin").click().run())
    settle(slider_of(lab, "scaling").set_value(0.0).run())
    settle(lab.button("merge_lab.test").click().run())

    table = lab.table[-1].value
    assert list(table["task"]) == [*TASKS, "letters"]
    assert all(cell.rstrip("*").endswith("points") for cell in table["against pinned"])
    assert any(text.startswith("Against the pinned run on test: ") for text in said(lab.caption))


def test_pinned_run_that_was_never_scored_on_test_is_not_compared(lab, settle):
    settle(lab.button("merge_lab.pin").click().run())
    settle(slider_of(lab, "scaling").set_value(0.0).run())
    settle(lab.button("merge_lab.test").click().run())

    assert "against pinned" not in lab.table[-1].value
    assert any(text.startswith("The pinned run was not scored on test") for text in said(lab.caption))


def test_anchors_that_are_not_what_the_zoo_expects_are_told_on_both_splits(open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path / "zoo", expected={"zeroshot": 0.02, "finetuned": 0.9})
    page = settle(open_page("Merge lab", zoo))

    (on_validation,) = said(page.warning)
    settle(page.button("merge_lab.test").click().run())

    assert "'shallow' scores" in on_validation
    assert "zeroshot on val" in on_validation
    assert any("zeroshot on test" in warning for warning in said(page.warning))


def test_task_chosen_from_the_menu_is_shown_class_by_class(lab):
    next(one for one in lab.selectbox if one.key.startswith("merge_lab.task.")).select("deep").run()

    assert share_right(lab) == pytest.approx(accuracies(lab)["deep"])


def test_classes_of_a_task_add_up_to_its_images(lab):
    assert class_bars(lab)["x"] == ["red", "green", "blue"]
    assert sum(class_bars(lab)["customdata"]) == 40
    assert share_right(lab) == pytest.approx(accuracies(lab)["shallow"])


def test_run_chosen_among_the_recent_ones_comes_back(lab, settle):
    settle(slider_of(lab, "scaling").set_value(0.8).run())
    rows = [button for button in lab.button if button.key.startswith("merge_lab.load.")]

    settle(rows[1].click().run())

    assert recipe_of(lab) == recipe()


def save_weights(lab, settle, name):
    next(one for one in lab.text_input if one.key.startswith("merge_lab.path")).set_value(name).run()
    return settle(lab.button("merge_lab.save").click().run())


def test_saved_weights_carry_the_recipe_in_their_metadata(lab, settle, tmp_path):
    save_weights(lab, settle, "mine.safetensors")

    path = tmp_path / "merged" / "mine.safetensors"
    assert said(lab.success) == [f"Saved as {path}"]
    assert recipe_from_yaml(open_checkpoint(path).metadata["recipe"], tasks=TASKS) == recipe()


def test_folder_that_cannot_be_written_is_told_in_one_sentence(lab, settle):
    save_weights(lab, settle, "nowhere/merged.safetensors")

    (error,) = said(lab.error)
    assert "nowhere" in error
    assert not lab.success


def test_visitor_saves_no_file_twice_and_none_elsewhere(lab, settle, tmp_path):
    save_weights(lab, settle, "mine.safetensors")
    before = (tmp_path / "merged" / "mine.safetensors").stat().st_mtime_ns

    for name, expected in [("mine.safetensors", "exists already"), ("../other.safetensors", "--save-to")]:
        save_weights(lab, settle, name)
        (error,) = said(lab.error)
        assert expected in error

    assert (tmp_path / "merged" / "mine.safetensors").stat().st_mtime_ns == before
    assert not (tmp_path / "other.safetensors").exists()


def test_zoo_without_an_encoder_says_what_is_missing_and_still_moves(open_page, settle, tmp_path):
    page = settle(open_page("Merge lab", write_zoo(tmp_path / "zoo", with_encoder=False)))

    settle(slider_of(page, "scaling").set_value(0.8).run())

    (info,) = said(page.info)
    assert "encoder" in info
    assert recipe_of(page) == recipe(scaling=0.8)
    assert not page.metric


def test_merge_without_an_accuracy_is_refused_on_the_page_and_others_are_measured(
    open_page, settle, tmp_path
):
    zoo = write_resnet_zoo(tmp_path / "resnets")
    page = settle(open_page("Merge lab", zoo))

    settle(slider_of(page, "scaling").set_value(1.0).run())
    refused = said(page.error)
    settle(slider_of(page, "scaling").set_value(0.1).run())

    assert not page.exception
    assert refused[0].startswith("The merge has no accuracy on 't0': NaN or infinity appears first in")
    assert said(page.error) == []
    assert None not in accuracies(page).values()


def box_of(page, name):
    """The box beside a slider, in which its number is typed."""
    return next(one for one in page.number_input if f".{name}.typed." in one.key)


def test_number_typed_beside_a_slider_moves_it_in_one_step(lab, settle):
    settle(box_of(lab, "scaling").set_value(0.456).run())

    assert recipe_of(lab).scale == Constant(0.456)
    assert slider_of(lab, "scaling").value == 0.456
    assert box_of(lab, "scaling").value == 0.456
    settle(lab.button("merge_lab.undo").click().run())
    assert recipe_of(lab).scale == Constant(0.3)
    assert box_of(lab, "scaling").value == 0.3


def test_box_follows_its_slider(lab, settle):
    settle(slider_of(lab, "weight:deep").set_value(0.5).run())

    assert box_of(lab, "weight:deep").value == 0.5


def test_slider_is_as_wide_as_is_useful_until_a_number_beyond_is_typed(lab, settle):
    assert (slider_of(lab, "scaling").min, slider_of(lab, "scaling").max) == (0.0, 1.5)

    settle(box_of(lab, "scaling").set_value(2.5).run())
    assert (slider_of(lab, "scaling").min, slider_of(lab, "scaling").max) == (0.0, 2.5)
    settle(slider_of(lab, "scaling").set_value(1.0).run())
    assert slider_of(lab, "scaling").max == 2.5
    settle(box_of(lab, "scaling").set_value(-0.5).run())
    assert slider_of(lab, "scaling").min == -0.5


def test_preset_is_one_press_and_one_step_back(lab, settle):
    settle(lab.button("merge_lab.preset.2").click().run())
    assert (recipe_of(lab).method, recipe_of(lab).scale) == ("ties", Constant(1.0))

    settle(lab.button("merge_lab.undo").click().run())
    assert recipe_of(lab).method == "task_arithmetic"


def test_one_task_is_merged_alone_in_one_press(lab, settle):
    lab.selectbox("merge_lab.one_task").select("deep").run()
    settle(lab.button("merge_lab.solo").click().run())

    assert recipe_of(lab).weights == {"shallow": 0.0, "deep": 1.0, "everywhere": 0.0}


def directions(page):
    """Cells of the chart of the merge without images, with the whole merge first."""
    return next((one["data"][0] for one in figures(page) if one["data"][0].get("type") == "heatmap"), None)


def test_lab_without_images_shows_where_the_merge_points(open_page, settle, tmp_path):
    page = settle(open_page("Merge lab", write_zoo(tmp_path, with_encoder=False)))

    assert any(text.startswith("**The merged update lies closest to") for text in said(page.markdown))
    before = directions(page)
    assert before["y"][0] == "whole merge"

    settle(slider_of(page, "weight:deep").set_value(0.0).run())

    assert not page.exception
    assert directions(page)["z"] != before["z"]


def test_lab_with_images_shows_where_the_merge_points_on_request(lab, settle):
    assert directions(lab) is None

    settle(next(one for one in lab.toggle if one.key.startswith("section.geometry")).set_value(True).run())

    assert directions(lab) is not None
    assert None not in accuracies(lab).values()


def test_locked_task_is_moved_by_nothing(lab, settle):
    settle(slider_of(lab, "weight:deep").set_value(0.5).run())
    lab.multiselect("merge_lab.locked").set_value(["deep"]).run()
    assert slider_of(lab, "weight:deep").disabled
    assert not slider_of(lab, "weight:shallow").disabled

    settle(lab.button("merge_lab.scale_all").click().run())

    assert recipe_of(lab).weights == {"shallow": 0.5, "deep": 0.5, "everywhere": 0.5}
    settle(lab.button("merge_lab.reset").click().run())
    assert recipe_of(lab).weights == {"shallow": 1.0, "deep": 0.5, "everywhere": 1.0}
