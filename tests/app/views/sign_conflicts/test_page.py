from threading import Event

import pytest
import torch

from analysis.merge.scaling import Constant
from analysis.model.scope import Scope, scope_ranges
from analysis.weights.sign_conflict import conflict, pair_conflict, sign_shares, ties_shares
from analysis.weights.statistics import statistics as measured
from analysis.weights.trim import magnitude_trim
from app import resources
from app.work.jobs import JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
from tests.app_pages import click, figures, in_the_whole_app, recipe_of, said, with_background_work
from tests.zoo_on_disk import TASKS, write_zoo

TITLE = "Sign conflicts"


@pytest.fixture
def page(open_page, settle, tiny_zoo):
    return with_background_work(settle(open_page(TITLE, tiny_zoo)))


def figure_of(page, key):
    (chart,) = [chart for chart in page.get("plotly_chart") if chart.key == key]
    return figures(page)[page.get("plotly_chart").index(chart)]


def trace(page, key, name):
    return next(one for one in figure_of(page, key)["data"] if one.get("name") == name)


def statistics(zoo, density=None):
    """The zoo's own, read again."""
    vectors = zoo_weights(read_zoo_file(zoo, roots=()), JobContext(), device=torch.device("cpu")).task_vectors
    ranges = scope_ranges(vectors, Scope.CHANGED)
    cut = density and magnitude_trim(vectors.deltas, range(vectors.n_tasks), ranges, density=density)
    return measured(vectors, ranges, cut=cut)


def choose(page, name, label):
    (menu,) = [one for one in page.selectbox if one.key.startswith(f"signs.{name}.")]
    return menu.select(label).run()


def slide(page, density):
    (slider,) = [one for one in page.slider if one.key.startswith("signs.trim.")]
    return slider.set_value(density).run()


def answer(page):
    (text,) = [text for text in said(page.markdown) if "where chance gives" in text and "conflict on" in text]
    return text


def word(page, name):
    value = page.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def test_numbers_are_those_of_the_trimmed_statistics(page, tiny_zoo):
    trimmed, whole = statistics(tiny_zoo, 0.2), statistics(tiny_zoo)
    rate = conflict(trimmed.total)

    assert f"{100 * rate.observed[0]:.1f}\xa0%" in answer(page)
    shares = trace(page, "signs.shares", "conflict")["x"]
    by_place = sign_shares(trimmed.by(lambda segment: segment.place)[1])
    assert sorted(shares) == pytest.approx(sorted(by_place[:, 1]))
    of_pairs = trace(page, "signs.pairs", "conflict")["z"]
    tasks = trace(page, "signs.pairs", "conflict")["y"]
    a, b = TASKS.index(tasks[1]), TASKS.index(tasks[0])
    assert of_pairs[1][0] == pytest.approx(0.5 - pair_conflict(trimmed.total).observed[0, a, b])
    kept = trace(page, "signs.ties", "kept")["x"]
    assert kept == pytest.approx(ties_shares(whole.total, trimmed.total)[0, :, 0].tolist())


def test_the_slider_changes_every_chart_and_the_address(page, settle, tiny_zoo):
    before = trace(page, "signs.shares", "conflict")["x"]

    settle(slide(page, 0.5))

    assert word(page, "trim") == "0.5"
    after = trace(page, "signs.shares", "conflict")["x"]
    assert sum(after) > sum(before)
    assert trace(page, "signs.ties", "kept")["x"] == pytest.approx(
        ties_shares(statistics(tiny_zoo).total, statistics(tiny_zoo, 0.5).total)[0, :, 0].tolist()
    )


def test_numbers_of_before_stay_until_those_of_the_slider_are_there(page, settle):
    before, let_go = answer(page), Event()
    resources.worker().submit("another tab", lambda _: let_go.wait(60), label="Busy")

    slide(page, 0.37)

    shown, captions = answer(page), said(page.caption)
    let_go.set()
    assert shown == before
    assert any(text.startswith("Still at 0.2; new numbers are on their way. Chance:") for text in captions)
    settle(page)
    assert not any(text.startswith("Still") for text in said(page.caption))
    assert answer(page) != before


def test_untrimmed_weights_are_the_plain_statistics(page, settle):
    settle(slide(page, 1.0))

    shares = trace(page, "signs.ties", "trimmed")["x"]
    assert shares == pytest.approx([0.0] * len(TASKS), abs=1e-12)
    assert "at least two of them change" in answer(page)


def test_a_pair_shows_its_numbers_everywhere(page, settle, tiny_zoo):
    settle(choose(page, "pair", "shallow~everywhere"))

    assert word(page, "pair") == "shallow~everywhere"
    counts = statistics(tiny_zoo, 0.2).total
    n = int(counts.agree[0, 0, 2] + counts.conflict[0, 0, 2])
    assert any(f"of the {n:,} weights both keep" in text for text in said(page.markdown))
    assert (
        sum("shallow and everywhere" in text and text.startswith("#####") for text in said(page.markdown))
        >= 3
    )
    assert {one.get("name") for one in figure_of(page, "signs.magnitude")["data"]} >= {"pair", "all pairs"}
    framed = [shape["y0"] + 0.48 for shape in figure_of(page, "signs.ties")["layout"]["shapes"]]
    assert framed == [TASKS.index("shallow"), TASKS.index("everywhere")]


def test_a_click_on_a_cell_chooses_the_pair(page, settle):
    settle(click(page, "signs.pairs", x="everywhere", y="deep"))

    assert word(page, "pair") == "deep~everywhere"


def test_a_click_on_a_row_chooses_the_layer_in_every_chart_by_layer(page, settle):
    for key in ("signs.shares", "signs.excess", "signs.graded"):
        settle(click(page, key, y="2"))
        assert word(page, "layer") == "visual:2"
        frames = [
            shape for shape in figure_of(page, key)["layout"]["shapes"] if shape.get("name") == "chosen"
        ]
        assert len(frames) == 1
        settle(choose(page, "layer", ""))


def test_a_click_on_a_task_of_the_vote_chooses_it(page, settle):
    settle(click(page, "signs.ties", y="deep"))

    assert word(page, "task") == "deep"


def test_the_lab_opens_with_just_the_pair(page, settle):
    app = in_the_whole_app("Sign conflicts")
    settle(choose(app, "pair", "shallow~deep"))

    settle(app.button("signs.to_lab").click().run())

    assert said(app.title) == ["Merge lab"]
    assert recipe_of(app).weights == {"shallow": 1.0, "deep": 1.0, "everywhere": 0.0}


def test_the_lab_button_waits_for_a_pair(page):
    (button,) = [one for one in page.button if one.key == "signs.to_lab"]

    assert button.disabled


def test_ties_is_tried_in_the_lab_at_the_density_shown_and_its_usual_scale(page, settle):
    app = in_the_whole_app("Sign conflicts")
    settle(slide(app, 0.5))

    settle(app.button("signs.ties_to_lab").click().run())

    assert said(app.title) == ["Merge lab"]
    assert (recipe_of(app).method, recipe_of(app).params.density) == ("ties", 0.5)
    assert recipe_of(app).scale == Constant(1.0)


def test_a_link_restores_what_was_looked_at(open_page, settle, tiny_zoo):
    page = with_background_work(
        settle(
            open_page(
                TITLE,
                tiny_zoo,
                trim="0.5",
                pair="shallow~deep",
                layer="visual:2",
                by="magnitude",
                ties="layer",
            )
        )
    )

    assert not page.exception
    assert any(
        text.startswith("**In block 2, 'shallow' and 'deep'") or "no weight is kept" in text
        for text in said(page.markdown)
    )
    assert any("largest 50" in text for text in said(page.markdown))
    assert "0" in trace(page, "signs.ties", "kept")["y"]


def test_words_that_make_no_sense_are_their_defaults(open_page, settle, tiny_zoo):
    page = settle(open_page(TITLE, tiny_zoo, trim="7", pair="nobody~deep", by="moon", order="x", ties="y"))

    assert not page.exception
    assert [one.value for one in page.slider if one.key.startswith("signs.trim.")] == [0.2]


def test_a_layer_or_component_without_common_weights_is_drawn_without_error(page, settle):
    settle(choose(page, "layer", "visual:1"))
    assert not page.exception

    settle(choose(page, "component", "attn_q"))
    assert not page.exception


def test_a_layer_without_the_component_is_stated(open_page, settle, tiny_zoo):
    page = settle(open_page(TITLE, tiny_zoo, layer="visual:stem", component="attn_q", pair="shallow~deep"))

    assert not page.exception
    assert "**In attention q of stem, no weight is kept by both tasks: nothing can conflict.**" in said(
        page.markdown
    )


def test_a_stopped_trim_can_be_asked_for_again(page, settle):
    let_go = Event()
    resources.worker().submit("another tab", lambda _: let_go.wait(60), label="Busy")
    slide(page, 0.37)
    for job in resources.worker().queue():
        if job.label == "Reading the weights":
            job.cancel()
    let_go.set()
    settle(page)
    assert any(text.startswith("Still at 0.2;") for text in said(page.caption))

    for key in ("ask.statistics.trimmed.again", "ask.statistics.trimmed.null.again"):
        settle(page.button(key).click().run())

    assert not any(text.startswith("Still") for text in said(page.caption))
    assert not page.exception


def test_a_measured_pair_shows_what_merging_costs(open_page, settle, tiny_zoo):
    measuring = settle(open_page("Measured interference", tiny_zoo))
    with_background_work(measuring.button("interference.pairs.start").click().run())

    page = with_background_work(settle(open_page(TITLE, pair="shallow~deep")))

    assert any("merged at λ = 1: 'shallow' " in text for text in said(page.markdown))
    assert len(figure_of(page, "signs.pairs")["layout"]["annotations"]) == 3


def test_magnitudes_are_read_from_every_trim(page):
    line = trace(page, "signs.magnitude", "all pairs")

    assert len(line["y"]) == 7
    assert line["x"][-1].startswith("largest 1")


def test_every_card_has_its_data_as_a_table(page):
    expanders = [one for one in page.expander if one.label == "Table and export"]

    assert len(expanders) == 6


def test_one_task_alone_has_nothing_to_conflict_with(open_page, settle, tmp_path):
    page = settle(open_page(TITLE, write_zoo(tmp_path, tasks=["shallow"])))

    assert not page.exception
    assert said(page.info) == ["A conflict needs two tasks; this zoo has one."]


def test_a_zoo_without_images_shows_what_its_weights_give(open_page, settle, tmp_path):
    page = with_background_work(settle(open_page(TITLE, write_zoo(tmp_path, with_encoder=False))))

    assert not page.exception
    assert len(figures(page)) == 6
