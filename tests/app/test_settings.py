import os
import tomllib
from pathlib import Path

import pytest

from app.settings import DEMO_ZOO, Settings, is_this_machine, settings


def test_nothing_set_means_the_demo_zoo_on_the_best_device():
    found = settings({})

    assert (found.zoo, found.roots, found.data_root, found.device) == (DEMO_ZOO, (), None, None)


def test_demo_zoo_is_the_folder_of_the_repository():
    assert Path(__file__).parents[2] / "zoos" / "demo" == DEMO_ZOO


def test_every_variable_is_read():
    found = settings(
        {
            "TAUSCOPE_ZOO": "/zoos/mine",
            "TAUSCOPE_ROOTS": os.pathsep.join(["/models", "", "/more"]),
            "TAUSCOPE_DATA": "/data",
            "TAUSCOPE_DEVICE": "cpu",
            "TAUSCOPE_SAVE_TO": "/merged",
        }
    )

    assert found.zoo == Path("/zoos/mine")
    assert found.roots == (Path("/models"), Path("/more"))
    assert found.data_root == Path("/data")
    assert found.device == "cpu"
    assert found.save_to == Path("/merged")


def test_empty_variables_count_as_unset():
    found = settings(dict.fromkeys(Settings(Path("/zoo"), (), None, None).environment(), ""))

    assert (found.roots, found.data_root, found.device) == ((), None, None)


def test_app_saves_beside_where_it_was_started_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert settings({}).save_to == tmp_path / "merged"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "::1"])
def test_addresses_of_this_machine_alone_are_known(host):
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "192.168.0.7", "localhost.example", "my-machine"])
def test_every_other_address_may_be_reached_by_others(host):
    assert not is_this_machine(host)


def test_streamlit_alone_serves_this_machine_as_well():
    config = tomllib.loads((DEMO_ZOO.parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))

    assert is_this_machine(config["server"]["address"])


@pytest.mark.parametrize("zoo", ["/zoos/mine", "/zoos/mine/zoo.toml"])
def test_zoos_are_served_from_the_first_ones_folder_the_roots_and_ours(zoo):
    found = settings({"TAUSCOPE_ZOO": zoo, "TAUSCOPE_ROOTS": "/models"})

    assert found.served == (Path("/zoos/mine"), Path("/models"), DEMO_ZOO.parent)


@pytest.mark.parametrize(
    "chosen",
    [
        Settings(Path("/zoo"), (), None, None),
        Settings(Path("/zoo"), (Path("/models"), Path("/more models")), Path("/data"), "cuda", Path("/out")),
    ],
)
def test_settings_travel_in_the_environment(chosen):
    assert settings(chosen.environment()) == chosen
