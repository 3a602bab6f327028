import os
import re

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from app.bench.bench_setup import evaluation_setup
from app.work.jobs import JobCancelled, JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
from tests.zoo_on_disk import CLASSES, TASKS, write_zoo

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


def test_what_leads_out_of_the_zoo_leaves_its_task_unevaluated_with_the_reason(tmp_path):
    folder = write_zoo(tmp_path / "zoo")
    for old, new in (
        ("'heads.safetensors#deep'", "'../heads.safetensors#deep'"),
        ("'shallow_test.safetensors'", "'../shallow_test.safetensors'"),
    ):
        edited(folder, old, new)

    setup = set_up(folder)

    assert list(setup.eval_sets["val"]) == ["shallow", "everywhere"]
    assert "'../heads.safetensors' leads out of the zoo's folder" in setup.skipped["val"]["deep"]
    assert "'../shallow_test.safetensors' leads out" in setup.skipped["test"]["shallow"]


def test_encoder_config_that_leads_out_of_the_zoo_costs_the_evaluation_alone(tmp_path):
    folder = write_zoo(tmp_path / "zoo")
    text = (folder / "zoo.toml").read_text("utf-8")
    model = next(line for line in text.splitlines() if line.startswith("model"))

    setup = set_up(edited(folder, model, "model = '../elsewhere.json'"))

    assert setup.encoder is None
    assert any("'../elsewhere.json' leads out" in warning for warning in setup.warnings)


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


def test_images_without_a_split_are_halved_by_class_and_share_none(tmp_path):
    folder = edited(write_zoo(tmp_path), "val = 'shallow_val.safetensors'", "images = 'all'")
    folder = edited(folder, "test = 'shallow_test.safetensors'\n", "")
    for label, name in enumerate(CLASSES):
        (folder / "all" / name).mkdir(parents=True)
        for number in range(6 + label):
            Image.new("RGB", (16, 16), (60 * label, 20 * number, 0)).save(
                folder / "all" / name / f"{number}.png"
            )

    setups = [set_up(folder) for _ in range(2)]

    val, test = (setups[0].eval_sets[split]["shallow"] for split in ("val", "test"))
    colours = [
        {tuple(image[:, 0, 0].tolist()) for image in one.images(99, check=lambda: None)}
        for one in (val, test)
    ]
    assert [len(found) for found in colours] == [len(val), len(test)]
    assert not colours[0] & colours[1]
    assert len(colours[0] | colours[1]) == 6 + 7 + 8
    for n_val, n_test in zip(val.labels.bincount(), test.labels.bincount(), strict=True):
        assert abs(n_val - n_test) <= 1
    assert not setups[0].warnings
    assert torch.equal(val.order, setups[1].eval_sets["val"]["shallow"].order)


def without(folder, task, reason):
    """Set a zoo up in which one task has no accuracy, and all others have."""
    setup = set_up(folder)
    for split in ("val", "test"):
        assert re.search(reason, setup.skipped[split][task])
        assert list(setup.eval_sets[split]) == [name for name in TASKS if name != task]
    return setup


def test_head_that_does_not_fit_the_classes_costs_its_task(tmp_path):
    folder = edited(write_zoo(tmp_path), str(list(CLASSES)), "['red', 'green']")

    without(folder, "shallow", r"Head 'shallow' has 3 rows, but 'shallow' names 2 classes")


def test_head_that_is_not_there_costs_its_task(tmp_path):
    without(edited(write_zoo(tmp_path), "#deep", "#none"), "deep", "has no tensor 'none'")


def test_templates_without_a_text_tower_cost_their_task(tmp_path):
    folder = edited(write_zoo(tmp_path), "head = 'heads.safetensors#deep'", "templates = ['a {}']")

    without(folder, "deep", r"no text tower that can be built|text_cfg|text tower")


@pytest.mark.parametrize("damage", ["missing", "text", "a pipe", "a folder of text"])
def test_images_that_cannot_be_read_cost_their_task_and_split_alone(tmp_path, damage):
    folder = write_zoo(tmp_path)
    images = folder / "deep_val.safetensors"
    images.unlink()
    if damage == "text":
        images.write_text("not tensors")
    elif damage == "a pipe":
        os.mkfifo(images)
    elif damage == "a folder of text":
        for name in CLASSES:
            (images / name).mkdir(parents=True)
            (images / name / "0.png").write_text("not a picture")

    setup = set_up(folder)

    assert "cannot be read" in setup.skipped["val"]["deep"]
    assert setup.skipped["test"] == {}
    assert list(setup.eval_sets["val"]) == ["shallow", "everywhere"]


def test_encoder_that_cannot_be_built_costs_the_evaluation_and_no_weights(tmp_path):
    folder = write_zoo(tmp_path)
    (folder / "config.json").write_text("{")

    setup = set_up(folder)

    assert setup.encoder is None
    assert set(setup.skipped["val"]) == set(TASKS)
    (warning,) = setup.warnings
    assert warning.startswith("Nothing can be evaluated: ")


def test_order_of_numbered_folders_that_nobody_stated_is_a_warning(tmp_path):
    folder = edited(write_zoo(tmp_path), "val = 'shallow_val.safetensors'", "val = 'images'")
    for name in ("2", "10", "9"):
        (folder / "images" / name).mkdir(parents=True)
        Image.new("RGB", (16, 16)).save(folder / "images" / name / "0.png")

    setup = set_up(edited(folder, f"classes = {list(CLASSES)}\n", ""))

    assert setup.eval_sets["val"]["shallow"].classes == ("2", "9", "10")
    (warning,) = setup.warnings
    assert warning.startswith("'shallow' states no classes, so its folders are taken in the order of their")


def test_setting_up_can_be_stopped(zoo):
    def stop():
        raise JobCancelled

    with pytest.raises(JobCancelled):
        set_up(zoo, stop)


def test_test_images_that_stand_in_validation_too_are_counted(tmp_path):
    folder = write_zoo(tmp_path)
    val, test = (load_file(folder / f"deep_{split}.safetensors") for split in ("val", "test"))
    test["images"][:7] = val["images"][:7]
    save_file(test, folder / "deep_test.safetensors")

    warnings = set_up(folder).warnings

    assert warnings == (
        "7 of the 60 test images of 'deep' are among its validation images too, to the byte; scores on test "
        "are too good by what was chosen on them.",
    )
