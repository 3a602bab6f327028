from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from app.widgets import drawing


class Asker:
    """A page's asker, whose answers come at the looks that a test names."""

    def __init__(self, *, ends_at=None, come=(), awaited=True, is_busy=False):
        self.n_looks = self.n_pages = self.n_ended = 0
        self.ends_at, self.come, self.is_busy = ends_at, come, is_busy
        self.added = []
        self.has_drawn = False
        self._is_awaited = awaited

    def collect(self):
        self.n_looks += 1
        if self.n_looks == self.ends_at:
            self._is_awaited = False
            self.n_ended += 1
            return True
        return False

    @property
    def n_come(self):
        return sum(self.n_looks >= at for at in self.come)

    @property
    def awaited(self):
        return (SimpleNamespace(state="running", progress=None),) if self._is_awaited else ()


def page():
    import streamlit as st

    from app.widgets.drawing import Drawing

    asker = st.session_state["asker"]
    asker.n_pages += 1
    one = Drawing(asker)
    asker.has_drawn = True
    st.caption(f"page {asker.n_pages}")

    def line() -> None:
        st.caption("what runs")

    one.follow(line, st.session_state.get("add"))


def opened(asker, add=None):
    at = AppTest.from_function(page, default_timeout=60)
    at.session_state["asker"] = asker
    if add is not None:
        at.session_state["add"] = add
    return at.run()


@pytest.fixture(autouse=True)
def stays(no_page_stays, monkeypatch):
    monkeypatch.setattr(drawing, "STAY", 1.5)  # longer than drawing takes on a busy machine
    monkeypatch.setattr(drawing, "STAY_BUSY", 1.5)
    monkeypatch.setattr(drawing, "_LOOK", 0.001)


def test_page_is_drawn_again_as_soon_as_the_answer_is_there():
    asker = Asker(ends_at=5)

    at = opened(asker)

    assert (asker.n_pages, asker.n_looks) == (2, 5)
    assert [one.value for one in at.caption] == ["page 2", "what runs"]


def test_page_without_news_is_drawn_once_and_its_run_ends():
    asker = Asker()

    opened(asker)

    assert asker.n_pages == 1
    assert asker.n_looks > 10


def test_page_that_awaits_nothing_does_not_stay():
    asker = Asker(awaited=False)

    opened(asker)

    assert (asker.n_pages, asker.n_looks) == (1, 0)


def test_first_result_is_added_without_drawing_the_page_again():
    asker = Asker(come=[3])

    opened(asker, asker.added.append)

    assert (asker.n_pages, asker.added) == (1, [1])


def test_results_after_the_first_are_added_together_when_they_are_due(monkeypatch):
    monkeypatch.setattr(drawing, "_GAP", 0.1)
    monkeypatch.setattr(drawing, "_SHARE", 0)
    asker = Asker(come=[1, 2, 3, 4])

    opened(asker, asker.added.append)

    assert (asker.n_pages, asker.added) == (1, [1, 4])


def test_without_a_way_to_add_it_the_first_result_draws_the_page_again():
    asker = Asker(come=[3])

    opened(asker)

    assert asker.n_pages == 2


def test_what_came_while_the_page_was_drawn_is_news(monkeypatch):
    asker = Asker()
    monkeypatch.setattr(type(asker), "n_come", property(lambda self: int(self.has_drawn)))

    opened(asker, asker.added.append)

    assert asker.added == [1]


def test_second_drawing_within_a_run_has_a_key_of_its_own():
    assert (drawing.redrawn("chart", 0), drawing.redrawn("chart", 3)) == ("chart", "chart.3")


def test_what_another_run_of_the_page_has_taken_over_is_news_too():
    asker = Asker()

    def other_run(n_new):
        asker.n_ended += 1

    asker.come = [3]
    opened(asker, other_run)

    assert asker.n_pages == 2
