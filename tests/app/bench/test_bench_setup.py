import pytest
import torch
from PIL import Image

from app.bench.bench_setup import evaluation_setup
from app.errors import ZooError
from app.work.jobs import JobCancelled, JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
from tests.zoo_on_disk import CLASSES, write_zoo

CPU = torch.device("cpu")


def set_up(folder, check=lambda: None):
    return evaluation_setup(
        zoo_weights(read_zoo_file(folder), JobContext(), device=CPU), device=CPU, check=check
    )


def edited(folder, old, new):
    path = folder / "zoo.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return folder


def test_every_task_and_control_gets_a_head_and_its_images(zoo):
    setup = set_up(zoo)

    names = ["shallow", "deep", "everywhere", "letters"]
    assert list(setup.heads) == names
    assert {split: list(sets) for split, sets in setup.eval_sets.items()} == {"val": names, "test": names}
    assert {len(one) for one in setup.eval_sets["val"].values()} == {40}
    assert {one.classes for one in setup.eval_sets["test"].values()} == {CLASSES}
    assert setup.skipped == {"val": {}, "test": {}}


def test_zoo_without_encoder_states_so_for_everything(tmp_path):
    setup = set_up(write_zoo(tmp_path, with_encoder=False))

    assert setup.encoder is None
    assert setup.eval_sets == {"val": {}, "test": {}}
    assert setup.skipped["val"] == dict.fromkeys(
        ["shallow", "deep", "everywhere"], "zoo.toml has no [encoder]"
    )


def test_task_without_a_head_is_skipped_by_name(tmp_path):
    folder = edited(write_zoo(tmp_path), "head = 'heads.safetensors#deep'\n", "")

    setup = set_up(folder)

    assert list(setup.eval_sets["val"]) == ["shallow", "everywhere"]
    assert setup.skipped["val"] == {"deep": "zoo.toml gives it no head and no templates"}


def test_split_that_is_missing_is_skipped_and_the_other_kept(tmp_path):
    folder = edited(write_zoo(tmp_path), "test = 'shallow_test.safetensors'\n", "")

    setup = set_up(folder)

    assert "shallow" in setup.eval_sets["val"]
    assert setup.skipped == {"val": {}, "test": {"shallow": "zoo.toml gives it no test set"}}


def test_torchvision_set_that_is_not_there_is_skipped_with_how_to_get_it(tmp_path):
    folder = edited(
        write_zoo(tmp_path), "test = 'shallow_test.safetensors'\n", "test = 'torchvision:MNIST'\n"
    )

    setup = set_up(folder)

    assert "shallow" in setup.eval_sets["val"]
    assert "needs a data root" in setup.skipped["test"]["shallow"]


def test_unnamed_classes_are_numbered(tmp_path):
    setup = set_up(edited(write_zoo(tmp_path), f"classes = {list(CLASSES)}\n", ""))

    assert setup.eval_sets["val"]["shallow"].classes == ("class 0", "class 1", "class 2")


def test_unnamed_classes_are_the_folders_of_the_images(tmp_path):
    folder = edited(write_zoo(tmp_path), "val = 'shallow_val.safetensors'", "val = 'images'")
    for name in ("ant", "bee", "cat"):
        (folder / "images" / name).mkdir(parents=True)
        Image.new("RGB", (16, 16)).save(folder / "images" / name / "0.png")

    setup = set_up(edited(folder, f"classes = {list(CLASSES)}\n", ""))

    assert setup.eval_sets["val"]["shallow"].classes == ("ant", "bee", "cat")
    assert setup.eval_sets["test"]["shallow"].classes == ("ant", "bee", "cat")


def test_head_that_does_not_fit_the_classes_is_refused(tmp_path):
    folder = edited(write_zoo(tmp_path), str(list(CLASSES)), "['red', 'green']")

    with pytest.raises(ZooError, match=r"Head 'shallow' has 3 rows, but 'shallow' names 2 classes"):
        set_up(folder)


def test_templates_without_a_text_tower_are_refused(tmp_path):
    folder = edited(write_zoo(tmp_path), "head = 'heads.safetensors#deep'", "templates = ['a {}']")

    with pytest.raises(ZooError, match=r"no text tower that can be built|text_cfg|text tower"):
        set_up(folder)


def test_setting_up_can_be_stopped(zoo):
    def stop():
        raise JobCancelled

    with pytest.raises(JobCancelled):
        set_up(zoo, stop)
