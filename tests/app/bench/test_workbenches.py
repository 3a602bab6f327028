import gc
import os
import shutil
import weakref
from types import SimpleNamespace

import pytest
from PIL import Image
from safetensors.torch import load_file, save_file

from app.bench.compiled import COMPILING, PREPARING
from app.bench.export import require_place
from app.bench.measuring.zoo_history import VERSION
from app.bench.workbenches import Workbenches
from app.errors import USER_ERRORS, ZooError
from app.work.jobs import JobContext
from tests.zoo_on_disk import CLASSES, write_zoo


def opened(benches, folder):
    return benches.open(folder, JobContext(), device="cpu")


def fingerprint(benches, folder):
    return opened(benches, folder).history.fingerprint


def test_two_who_open_one_zoo_share_it(benches, zoo):
    assert opened(benches, zoo) is opened(benches, zoo)


def test_others_may_pass_before_each_file_and_amid_the_rest(benches, zoo):
    passed = []
    context = JobContext(serve_others=lambda: passed.append(context.progress.note))
    benches.open(zoo, context, device="cpu")

    reading = [f"Reading '{task}'" for task in ("shallow", "deep", "everywhere")]
    *before, last = dict.fromkeys(passed)
    assert before == [
        "",
        "Reading the base",
        *reading[:2],
        "Comparing the tasks",
        "Reading heads and images",
    ]
    assert last in (PREPARING, COMPILING)


def test_zoo_named_by_its_file_is_the_same_zoo(benches, zoo):
    assert opened(benches, zoo / "zoo.toml") is opened(benches, zoo)


def test_zoo_is_let_go_with_its_last_user_at_once(benches, zoo):
    gc.collect()
    gc.disable()
    try:
        bench = opened(benches, zoo)
        theta, tower = weakref.ref(bench.engine.theta), weakref.ref(bench.setup.encoder.tower)
        gone = weakref.ref(bench)
        del bench

        assert (gone(), theta(), tower()) == (None, None, None)
    finally:
        gc.enable()


FILES = (
    "zoo.toml",
    "base.safetensors",
    "deep.safetensors",
    "heads.safetensors",
    "config.json",
    "deep_val.safetensors",
)


WEIGHTS = FILES[:3]
"""Without these there is no zoo; without the others there is no accuracy."""


def with_a_pipe(folder, file):
    path = write_zoo(folder) / file
    path.unlink()
    os.mkfifo(path)
    return folder


@pytest.mark.parametrize("file", WEIGHTS)
def test_pipe_in_place_of_a_file_is_refused_and_not_waited_for(benches, tmp_path, file):
    with pytest.raises(USER_ERRORS, match=rf"{file}' cannot be read: it is a named pipe, not a file\."):
        opened(benches, with_a_pipe(tmp_path / "zoo", file))


@pytest.mark.parametrize("file", FILES[3:])
def test_pipe_in_place_of_what_evaluation_needs_costs_accuracy_alone(benches, tmp_path, file):
    bench = opened(benches, with_a_pipe(tmp_path / "zoo", file))

    assert f"{file}' cannot be read: it is a named pipe, not a file" in bench.setup.skipped["val"]["deep"]


@pytest.mark.parametrize("file", FILES)
def test_zoo_with_a_rewritten_file_is_opened_again(benches, tmp_path, file):
    folder = write_zoo(tmp_path / "zoo")
    before = opened(benches, folder)
    path = folder / file
    path.touch()

    assert opened(benches, folder) is not before


def test_head_in_a_file_of_its_own_is_one_of_the_zoos_files(benches, tmp_path):
    folder = write_zoo(tmp_path / "zoo")
    head = folder / "head_deep.safetensors"
    save_file({"weight": load_file(folder / "heads.safetensors")["deep"]}, head)
    text = (folder / "zoo.toml").read_text()
    (folder / "zoo.toml").write_text(text.replace("heads.safetensors#deep", head.name))

    before = opened(benches, folder)
    with pytest.raises(ZooError, match="one of the zoo's own files"):
        require_place(before, head, what="merged weights")
    head.touch()

    assert "deep" in before.setup.heads
    assert opened(benches, folder) is not before


def test_history_follows_a_zoo_that_was_copied(benches, zoo, tmp_path):
    copy = shutil.copytree(zoo, tmp_path / "copy")

    assert fingerprint(benches, copy) == fingerprint(benches, zoo)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("zoo.toml", "logit_scale = 10.0", "logit_scale = 20.0"),
        ("zoo.toml", "image_mean = [0.4,", "image_mean = [0.3,"),
        ("config.json", '"width": 16', '"width": 16, "ls_init_value": null'),
    ],
)
def test_history_starts_again_when_accuracies_would_change(benches, zoo, tmp_path, file, old, new):
    copy = shutil.copytree(zoo, tmp_path / "copy")
    text = (copy / file).read_text()
    assert old in text
    (copy / file).write_text(text.replace(old, new))

    assert fingerprint(benches, copy) != fingerprint(benches, zoo)


@pytest.mark.parametrize("file", ["deep_val.safetensors", "heads.safetensors", "deep.safetensors"])
def test_history_starts_again_with_other_images_heads_or_weights(benches, zoo, tmp_path, file):
    copy = shutil.copytree(zoo, tmp_path / "copy")
    other = write_zoo(tmp_path / "other", controls=["letters"], seed=1)
    shutil.copy(other / file, copy / file)

    assert fingerprint(benches, copy) != fingerprint(benches, zoo)


def replaced(folder, *pairs):
    path = folder / "zoo.toml"
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)
    return folder


@pytest.fixture
def folder_zoo(tmp_path):
    folder = replaced(
        write_zoo(tmp_path / "folder zoo"), ("val = 'shallow_val.safetensors'", "val = 'images'")
    )
    for name in CLASSES:
        (folder / "images" / name).mkdir(parents=True)
        for number in range(2):
            Image.new("RGB", (16, 16)).save(folder / "images" / name / f"{number}.png")
    return folder


def delete(images):
    (images / "red" / "0.png").unlink()


def add(images):
    shutil.copy(images / "red" / "0.png", images / "red" / "without_suffix")


def write_anew(images):
    (images / "red" / "0.png").touch()


def test_image_folder_left_alone_is_shared(benches, folder_zoo):
    assert opened(benches, folder_zoo) is opened(benches, folder_zoo)


@pytest.mark.parametrize("change", [delete, add, write_anew])
def test_zoo_whose_image_folder_changed_is_opened_again(benches, folder_zoo, change):
    before = opened(benches, folder_zoo)

    change(folder_zoo / "images")

    after = opened(benches, folder_zoo)
    assert after is not before
    assert (after.history.fingerprint == before.history.fingerprint) == (change is write_anew)


def test_history_starts_again_when_classes_number_the_folders_otherwise(benches, folder_zoo):
    before = fingerprint(benches, folder_zoo)

    replaced(folder_zoo, ("classes = ['red', 'green', 'blue']", "classes = ['green', 'red', 'blue']"))

    assert fingerprint(benches, folder_zoo) != before


def torchvision_zoo(tmp_path):
    source = ("test = 'shallow_test.safetensors'", "test = 'torchvision:MNIST'")
    return replaced(write_zoo(tmp_path / "zoo"), source)


def download(monkeypatch, targets):
    data = SimpleNamespace(targets=targets)
    monkeypatch.setattr("torchvision.datasets.MNIST", lambda root, train: data)


def test_history_starts_again_with_other_labels_of_a_torchvision_set(store, tmp_path, monkeypatch):
    folder, fingerprints = torchvision_zoo(tmp_path), set()

    for labels in ([0, 1, 2], [0, 2, 1], [0, 0, 1]):
        download(monkeypatch, labels * 10)
        fingerprints.add(fingerprint(Workbenches(store, data_root=tmp_path), folder))

    assert len(fingerprints) == 3


def test_zoo_whose_images_were_downloaded_meanwhile_is_opened_with_them(store, tmp_path, monkeypatch):
    benches, folder = Workbenches(store, data_root=tmp_path), torchvision_zoo(tmp_path)
    before = opened(benches, folder)
    assert "shallow" in before.setup.skipped["test"]

    download(monkeypatch, [0, 1, 2] * 10)

    after = opened(benches, folder)
    assert len(after.setup.eval_sets["test"]["shallow"]) == 30
    assert opened(benches, folder) is after


def test_zoo_is_shared_where_no_download_can_complete_it(benches, tmp_path):
    folder = torchvision_zoo(tmp_path)

    assert opened(benches, folder) is opened(benches, folder)


def test_history_starts_again_when_the_code_measures_other_numbers(benches, store, zoo, monkeypatch):
    before = fingerprint(benches, zoo)

    monkeypatch.setattr("app.bench.measuring.zoo_history.VERSION", VERSION + 1)

    assert fingerprint(Workbenches(store), zoo) != before


def test_zoo_without_encoder_opens_and_has_nothing_to_evaluate(benches, tmp_path):
    bench = opened(benches, write_zoo(tmp_path / "zoo", with_encoder=False))

    assert bench.tasks == ("shallow", "deep", "everywhere")
    assert bench.largest_sample("val") == 0


def test_checkpoint_under_a_named_root_may_be_given_by_absolute_path(store, tmp_path):
    folder, models = write_zoo(tmp_path / "zoo"), tmp_path / "models"
    models.mkdir()
    outside = shutil.move(folder / "deep.safetensors", models / "deep.safetensors")
    text = (folder / "zoo.toml").read_text()
    (folder / "zoo.toml").write_text(text.replace("'deep.safetensors'", f"'{outside}'"))

    with pytest.raises(ZooError, match="leads out of the zoo's folder"):
        opened(Workbenches(store), folder)
    assert opened(Workbenches(store, roots=[models]), folder).tasks[1] == "deep"


def test_device_that_is_not_there_is_refused(benches, zoo):
    with pytest.raises(ZooError, match="This machine has no device 'tpu'"):
        benches.open(zoo, JobContext(), device="tpu")
