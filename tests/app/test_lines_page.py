import pytest

from tests.app_pages import accuracies, figures, said, trace_of
from tests.zoo_on_disk import TASKS, write_zoo


@pytest.fixture
def page(open_page, settle, tiny_zoo):
    return settle(open_page("LiNeS", tiny_zoo))


def fill(page, topic):
    page.button(f"lines.{topic}.start").click().run()
    for _ in range(600):
        if not [one for one in page.button if one.key == f"lines.{topic}.stop"]:
            return page.run()
        page.run()
    raise AssertionError("It never ended.")


def named(elements, beginning):
    (found,) = [one for one in elements if one.key.startswith(beginning)]
    return found


def test_ramp_rises_from_the_rules_alpha_and_the_outside_stands_apart(page):
    factor = trace_of(page, "factor")

    assert list(factor["x"]) == ["outside", "0", "1", "2"]
    assert list(factor["y"]) == pytest.approx([1 / 3, 1 / 3, 1 / 3 + 0.3, 1 / 3 + 0.6], abs=1e-5)


def test_moving_beta_measures_the_new_ramp_on_this_page(page, settle):
    before = accuracies(page)

    settle(named(page.slider, "lines.beta.slider").set_value(3.0).run())

    assert list(trace_of(page, "factor")["y"])[-1] == pytest.approx(1 / 3 + 3.0, abs=1e-5)
    assert accuracies(page) != before
    assert page.query_params["beta"] in ("3", ["3"])


def test_either_end_can_be_typed(page, settle):
    settle(named(page.button_group, "lines.alpha_by").set_value("typed").run())
    settle(named(page.number_input, "lines.alpha.number").set_value(0.15).run())

    assert next(iter(trace_of(page, "factor")["y"])) == pytest.approx(0.15)
    assert named(page.slider, "lines.alpha.slider").value == 0.15


def test_sweep_has_three_lines_with_a_point_a_beta(page):
    fill(page, "sweep")

    for name in ("LiNeS", "constant of equal size", "reversed ramp"):
        assert len(trace_of(page, name)["x"]) == 11
    assert any("Best of 11 β tried" in text for text in said(page.markdown))


@pytest.mark.parametrize("topic", ["trade_off", "sensitivity"])
def test_every_other_card_can_be_filled(page, topic):
    fill(page, topic)

    assert not page.exception
    assert said(page.error) == []


def test_sensitivity_has_a_row_a_layer(page):
    fill(page, "sensitivity")

    (cells,) = [t for figure in figures(page) for t in figure["data"] if t["type"] == "heatmap"]
    assert list(cells["y"]) == ["outside", "0", "1", "2"]
    assert list(cells["x"]) == list(TASKS)
    assert all(value is not None for row in cells["z"] for value in row)


def test_target_of_the_trade_off_is_the_task_in_focus(open_page, settle, tiny_zoo):
    page = settle(open_page("LiNeS", tiny_zoo, task="deep"))

    assert any("deep alone" in text for text in said(page.markdown))


def test_ties_has_a_profile_and_an_alpha_of_its_own(page, settle):
    before = list(trace_of(page, "before")["y"])

    settle(named(page.button_group, "lines.merge").set_value("TIES").run())

    assert list(trace_of(page, "before")["y"]) != before


def test_a_zoo_without_images_still_shows_its_ramp(open_page, settle, tmp_path):
    page = settle(open_page("LiNeS", write_zoo(tmp_path, with_encoder=False)))

    assert not page.exception
    assert trace_of(page, "factor")
    assert any("Nothing can be measured" in text for text in said(page.info))
