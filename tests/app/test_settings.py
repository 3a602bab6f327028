import os
from pathlib import Path

import pytest

from app.settings import DEMO_ZOO, Settings, settings


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
        }
    )

    assert found.zoo == Path("/zoos/mine")
    assert found.roots == (Path("/models"), Path("/more"))
    assert found.data_root == Path("/data")
    assert found.device == "cpu"


def test_empty_variables_count_as_unset():
    found = settings({"TAUSCOPE_ROOTS": "", "TAUSCOPE_DATA": "", "TAUSCOPE_DEVICE": ""})

    assert (found.roots, found.data_root, found.device) == ((), None, None)


@pytest.mark.parametrize("zoo", ["/zoos/mine", "/zoos/mine/zoo.toml"])
def test_zoos_are_served_from_the_first_ones_folder_the_roots_and_ours(zoo):
    found = settings({"TAUSCOPE_ZOO": zoo, "TAUSCOPE_ROOTS": "/models"})

    assert found.served == (Path("/zoos/mine"), Path("/models"), DEMO_ZOO.parent)


@pytest.mark.parametrize(
    "chosen",
    [
        Settings(Path("/zoo"), (), None, None),
        Settings(Path("/zoo"), (Path("/models"), Path("/more models")), Path("/data"), "cuda"),
    ],
)
def test_settings_travel_in_the_environment(chosen):
    assert settings(chosen.environment()) == chosen
