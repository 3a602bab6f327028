import pytest

from app.errors import USER_ERRORS
from app.work.worker import Worker


@pytest.fixture
def worker():
    one = Worker(user_errors=USER_ERRORS)
    yield one
    one.stop(20)
