import pytest

from app.errors import ZooError
from app.views.library.opening import memory_sentence
from tests.zoo_on_disk import TASKS, write_zoo


@pytest.mark.parametrize(("tasks", "counted"), [(TASKS, "3 tasks, "), (TASKS[:1], "1 task, ")])
def test_zoo_states_how_much_memory_it_takes(tasks, counted, tmp_path):
    sentence = memory_sentence(write_zoo(tmp_path, tasks=tasks), "cpu")

    assert counted in sentence
    assert " in memory; this machine has " in sentence


def test_folder_without_a_zoo_is_refused(tmp_path):
    with pytest.raises(ZooError, match=r"zoo\.toml"):
        memory_sentence(tmp_path / "nowhere", "cpu")
