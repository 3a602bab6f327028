import pytest

from app.errors import USER_ERRORS
from app.work.worker import Worker


@pytest.fixture
def worker(store):  # which is closed after the worker has stopped
    one = Worker(user_errors=USER_ERRORS)
    yield one
    one.stop(60)
