from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from cache.folders import cache_folder


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"TAUSCOPE_CACHE": "/chosen", "XDG_CACHE_HOME": "/xdg"}, Unix, Path("/chosen")),
        ({"TAUSCOPE_CACHE": "~/chosen"}, Unix, Path.home() / "chosen"),
        ({"XDG_CACHE_HOME": "/xdg"}, Unix, Path("/xdg/tauscope")),
        ({"XDG_CACHE_HOME": ""}, Unix, Path.home() / ".cache" / "tauscope"),
        ({}, Unix, Path.home() / ".cache" / "tauscope"),
        ({}, MacOS, Path.home() / "Library" / "Caches" / "tauscope"),
        ({}, Windows, Path("/CSIDL_LOCAL_APPDATA/tauscope")),
    ],
)
def test_results_live_where_the_user_chose_or_the_platform_keeps_caches(
    monkeypatch, environment, platform, expected
):
    for name in ("TAUSCOPE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("cache.folders.PlatformDirs", platform)
    monkeypatch.setattr("platformdirs.windows.get_win_folder", lambda known_folder: f"/{known_folder}")

    assert cache_folder() == expected
