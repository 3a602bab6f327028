import sys

import pytest

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.settings import mask_settings
from app.views.tall_masks.shown_card import ask_shown
from app.work.worker import Worker

LONG = 60
MOST_ROOMS = 12
"""Modules a setting passes on its way to the worker and through its queue, and its value on the way back."""


@pytest.fixture
def diagnosis(bench):
    worker = Worker()
    yield Diagnosis(bench, worker, "tab")
    worker.stop(LONG)


class Rooms:
    """Modules of the app in which a function is called, in the order entered."""

    def __init__(self):
        self.entered = []

    def __enter__(self):
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_):
        sys.setprofile(None)

    def _note(self, frame, event, _):
        module = frame.f_globals.get("__name__", "")
        is_written = not frame.f_code.co_filename.startswith("<")  # constructors of dataclasses are not
        if event == "call" and is_written and module.startswith("app.") and module not in self.entered:
            self.entered.append(module)


@pytest.mark.filterwarnings("ignore:.*ScriptRunContext")
def test_a_setting_passes_few_rooms_to_the_worker_and_back(diagnosis):
    rooms = Rooms()

    with rooms:
        diagnosis.selection.take({"tall": "0.6"})
        asked = ask_shown(diagnosis, mask_settings(diagnosis))
    assert asked is None
    assert diagnosis.requests.of("masks").job.wait(LONG)
    with rooms:
        diagnosis.requests.collect()
        shown = ask_shown(diagnosis, mask_settings(diagnosis))

    assert shown.settings.tall_lambda == (0.6,) * 3
    assert len(rooms.entered) <= MOST_ROOMS, rooms.entered
