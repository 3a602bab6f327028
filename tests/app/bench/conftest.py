import pytest

from tests.made_vectors import big_updates, task_vectors_of


@pytest.fixture
def vectors():
    return task_vectors_of(big_updates(3, 45))
