import pytest

from app.views.library.opening import memory_sentence
from app.zoo.zoo_file import read_zoo_file
from tests.zoo_on_disk import TASKS, write_zoo


@pytest.mark.parametrize(("tasks", "counted"), [(TASKS, "3 tasks, "), (TASKS[:1], "1 task, ")])
def test_zoo_states_how_much_memory_it_takes(tasks, counted, tmp_path):
    sentence = memory_sentence(read_zoo_file(write_zoo(tmp_path, tasks=tasks)), "cpu")

    assert counted in sentence
    assert " in memory; this machine has " in sentence
