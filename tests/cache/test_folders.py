from pathlib import Path
from types import SimpleNamespace

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from cache.folders import ROOM, cache_folder, compiled_folder


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"TAUSCOPE_CACHE": "/chosen", "XDG_CACHE_HOME": "/xdg"}, Unix, Path("/chosen")),
        ({"TAUSCOPE_CACHE": "~/chosen"}, Unix, Path.home() / "chosen"),
        ({"TAUSCOPE_CACHE": "~nobody-here"}, Unix, Path("~nobody-here")),
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


def test_loops_are_compiled_beside_the_results_where_there_is_room(monkeypatch, tmp_path):
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / "cache"))

    assert compiled_folder("1") == tmp_path / "cache" / "kernels" / "1"


def test_loops_are_compiled_elsewhere_while_the_disk_is_full(monkeypatch, tmp_path):
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("cache.folders.shutil.disk_usage", lambda _: SimpleNamespace(free=ROOM - 1))
    kept = tmp_path / "cache" / "kernels" / "1"
    kept.mkdir(parents=True)
    (kept / "loop.nbi").write_bytes(b"compiled before")

    folder = compiled_folder("1")

    assert (folder.parent, folder.name[:17]) == (tmp_path, "tauscope-kernels-")
    assert (folder / "loop.nbi").read_bytes() == b"compiled before"


@pytest.mark.parametrize("cache", ["file", "loop", "a" * 300])
def test_loops_are_compiled_elsewhere_while_results_have_no_folder(monkeypatch, tmp_path, cache):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / cache))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert compiled_folder("1").name.startswith("tauscope-kernels-")
