from pathlib import Path

import pytest

from cache.folders import cache_folder


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"TAUSCOPE_CACHE": "/chosen", "XDG_CACHE_HOME": "/xdg"}, "linux", Path("/chosen")),
        ({"TAUSCOPE_CACHE": "~/chosen"}, "linux", Path.home() / "chosen"),
        ({"XDG_CACHE_HOME": "/xdg"}, "linux", Path("/xdg/tauscope")),
        ({}, "linux", Path.home() / ".cache" / "tauscope"),
        ({}, "darwin", Path.home() / "Library" / "Caches" / "tauscope"),
        ({"LOCALAPPDATA": "/local"}, "win32", Path("/local/tauscope")),
        ({}, "win32", Path.home() / "AppData" / "Local" / "tauscope"),
    ],
)
def test_results_live_where_the_user_says_or_the_platform_keeps_caches(environment, platform, expected):
    assert cache_folder(environment, platform) == expected
