import json
import os
import re
import struct
from collections import Counter
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import save_file

from app.errors import ZooError
from app.zoo.encoder import build_encoder
from app.zoo.eval_sets import load_eval_set, nested_order
from app.zoo.roots import Roots
from app.zoo.zoo_file import EncoderEntry
from cache.errors import FileError, MissingFileError

CPU = torch.device("cpu")


class StoppedError(Exception):
    pass


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    path = tmp_path_factory.mktemp("encoder") / "config.json"
    vision = {"layers": 1, "width": 8, "head_width": 8, "patch_size": 4, "image_size": 8}
    path.write_text(json.dumps({"embed_dim": 4, "vision_cfg": vision}))
    return build_encoder(EncoderEntry(path, None, None, None))


@pytest.fixture
def load(encoder):
    def load(source, *, classes=("a", "b", "c"), split="val", data_root=None, roots=(), skips=False):
        return load_eval_set(
            str(source),
            task="digits",
            split=split,
            classes=classes,
            encoder=encoder,
            device=CPU,
            roots=Roots.of(roots),
            check=keep_going,
            data_root=data_root,
            leaves_out_unreadable=skips,
        )

    return load


def keep_going():
    return None


def pixels(n=6, side=8):
    return torch.arange(n * side * side * 3).remainder(251).to(torch.uint8).view(n, side, side, 3)


def tensor_file(folder, **changes):
    path = folder / "digits_val.safetensors"
    tensors = {"images": pixels(), "labels": torch.tensor([0, 1, 2, 0, 1, 2])} | changes
    save_file({name: tensor for name, tensor in tensors.items() if tensor is not None}, path)
    return path


def picture_folder(folder, **counts):
    for name, count in counts.items():
        (folder / name).mkdir()
        for index in range(count):
            colour = (len(name) * 20, index, 0)
            Image.new("RGB", (30, 20), colour).save(folder / name / f"{index}.png")
    return folder


def fake_mnist(root, *, n=20):
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    labels = [index % 10 for index in range(n)]
    for prefix, offset in (("train", 1), ("t10k", 0)):
        images = b"".join(bytes([10 * label + offset]) * 28 * 28 for label in labels)
        (raw / f"{prefix}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 2051, n, 28, 28) + images)
        (raw / f"{prefix}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 2049, n) + bytes(labels))
    return root


def test_images_and_labels_come_in_the_same_nested_order(load, tmp_path):
    found = load(tensor_file(tmp_path))

    images = found.images(6, check=keep_going)
    assert sorted(found.order.tolist()) == [0, 1, 2, 3, 4, 5]
    assert found.labels.tolist() == [position % 3 for position in found.order.tolist()]
    assert torch.equal(images, pixels()[found.order].permute(0, 3, 1, 2))
    assert images.dtype == torch.uint8


def test_a_smaller_sample_is_the_head_of_a_larger_one(load, tmp_path):
    found = load(tensor_file(tmp_path))

    two = found.images(2, check=keep_going)

    five = found.images(5, check=keep_going)
    assert torch.equal(two, five[:2])
    assert torch.equal(five, pixels()[found.order[:5]].permute(0, 3, 1, 2))
    assert len(found.images(99, check=keep_going)) == 6


def test_a_stop_while_decoding_loses_nothing(load, tmp_path):
    found = load(tensor_file(tmp_path))
    calls = []

    def stop_at_third():
        calls.append(1)
        if len(calls) == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        found.images(6, check=stop_at_third)
    images = found.images(6, check=lambda: calls.append(1))
    found.images(6, check=lambda: calls.append(1))

    assert len(calls) == 3 + 4
    assert torch.equal(images, pixels()[found.order].permute(0, 3, 1, 2))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": torch.tensor([0, 1, 2, 0, 1, 3])}, r"run from 0 to 3; with 3 classes .* in 0…2"),
        ({"labels": torch.tensor([0, 1, 2, 0, 1, -1])}, r"run from -1 to 2; with 3 classes"),
        ({"labels": torch.tensor([0, 1])}, r"digits_val\.safetensors' holds 6 images and 2 labels"),
        ({"labels": torch.zeros(6)}, r"labels are float32 of shape \(6,\); they must be whole numbers"),
        ({"labels": None}, r"digits_val\.safetensors' holds images; it must hold images and labels"),
        ({"images": pixels().float() - 1}, r"images are float32 from -1 to 249; they must lie in 0…255"),
        ({"images": pixels()[..., :2].contiguous()}, r"images have shape \(6, 8, 8, 2\); they must be"),
        ({"images": pixels(0), "labels": torch.zeros(0, dtype=torch.int64)}, "'digits' holds no images"),
    ],
)
def test_a_tensor_file_that_does_not_fit_is_refused(load, tmp_path, changes, message):
    with pytest.raises(ZooError, match=message):
        load(tensor_file(tmp_path, **changes))


def test_a_truncated_tensor_file_is_refused(load, tmp_path):
    path = tensor_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(ZooError, match=r"images cannot be read: 'digits_val\.safetensors' ends after"):
        load(path)


def test_a_pointer_in_place_of_a_tensor_file_is_called_one(load, tmp_path):
    path = tensor_file(tmp_path)
    path.write_text("version https://git-lfs.github.com/spec/v1\n")

    with pytest.raises(ZooError, match=r"'digits_val\.safetensors' is a Git LFS pointer"):
        load(path)


def test_tensors_that_torch_saved_are_read_too(load, tmp_path):
    safe = tensor_file(tmp_path)
    torch.save({"images": pixels(), "labels": torch.tensor([0, 1, 2, 0, 1, 2])}, tmp_path / "a.pt")

    first, second = load(safe), load(tmp_path / "a.pt")

    assert torch.equal(first.labels, second.labels)
    assert torch.equal(*(found.images(6, check=keep_going) for found in (first, second)))


@pytest.mark.parametrize(
    "kept",
    [
        {"images": pixels().permute(0, 3, 1, 2).contiguous()},
        {"images": pixels().bfloat16()},
        {"images": pixels().float() / 255},
        {"images": None, "labels": None, "x": pixels(), "y": torch.tensor([0, 1, 2, 0, 1, 2]).int()},
        {"images": None, "labels": None, "val_images": pixels(), "val_labels": torch.tensor([0, 1, 2] * 2)},
    ],
)
def test_pixels_are_the_same_however_a_file_keeps_them(load, tmp_path, kept):
    expected = load(tensor_file(tmp_path)).images(6, check=keep_going)

    found = load(tensor_file(tmp_path, **kept))

    assert torch.equal(found.images(6, check=keep_going), expected)


def test_a_pair_that_torch_saved_is_images_and_labels(load, tmp_path):
    torch.save((pixels(), torch.tensor([0, 1, 2, 0, 1, 2])), tmp_path / "test.pt")

    found = load(tmp_path / "test.pt")

    assert torch.equal(found.images(6, check=keep_going), pixels()[found.order].permute(0, 3, 1, 2))
    assert found.labels.tolist() == [position % 3 for position in found.order.tolist()]


def test_images_of_another_size_are_resized(load, tmp_path):
    colours = torch.tensor([[9, 0, 0], [0, 99, 0], [0, 0, 199]], dtype=torch.uint8)
    images = colours[:, None, None, :].expand(3, 28, 28, 3).contiguous()
    found = load(tensor_file(tmp_path, images=images, labels=torch.arange(3)))

    resized = found.images(3, check=keep_going)

    assert resized.shape == (3, 3, 8, 8)
    assert found.notes == ("they have 28 × 28 pixels and are resized to 8 × 8",)
    assert torch.equal(resized, colours[found.order][:, :, None, None].expand(3, 3, 8, 8))


def test_a_missing_tensor_file_is_refused(load, tmp_path):
    with pytest.raises(MissingFileError, match=r"none\.safetensors' cannot be read"):
        load(tmp_path / "none.safetensors")


def test_rewriting_the_file_leaves_open_images_alone(load, tmp_path):
    path = tensor_file(tmp_path)
    found = load(path)

    path.write_bytes(b"")

    assert torch.equal(found.images(6, check=keep_going), pixels()[found.order].permute(0, 3, 1, 2))


def test_a_folder_is_labelled_by_the_tasks_order_of_classes(load, tmp_path):
    found = load(picture_folder(tmp_path, cat=2, ox=1), classes=("ox", "cat"))

    images = found.images(3, check=keep_going)
    assert Counter(found.labels.tolist()) == {0: 1, 1: 2}
    assert images.shape == (3, 3, 8, 8)
    assert images[:, 0, 0, 0].tolist() == [[40, 60][label] for label in found.labels.tolist()]


def test_folders_that_are_not_the_classes_are_refused(load, tmp_path):
    with pytest.raises(ZooError, match=r"are not the task's classes: 'ox' unexpected, 'dog' missing"):
        load(picture_folder(tmp_path, cat=1, ox=1), classes=("cat", "dog"))


def test_a_file_that_is_not_an_image_is_refused_when_the_set_is_opened(load, tmp_path):
    picture_folder(tmp_path, cat=3)
    (tmp_path / "cat" / "1.png").write_text("not an image")

    with pytest.raises(ZooError, match=r"1\.png' cannot be read as an image"):
        load(tmp_path, classes=("cat",))


def test_an_image_that_is_cut_short_is_refused_when_it_is_needed(load, tmp_path):
    picture_folder(tmp_path, cat=1)
    image = tmp_path / "cat" / "0.png"
    image.write_bytes(image.read_bytes()[:-30])
    found = load(tmp_path, classes=("cat",))

    with pytest.raises(ZooError, match=r"0\.png' cannot be read as an image"):
        found.images(1, check=keep_going)


def test_all_pictures_that_cannot_be_read_are_named_at_once(load, tmp_path):
    picture_folder(tmp_path, cat=6)
    for number in (1, 3, 4, 5):
        (tmp_path / "cat" / f"{number}.png").write_text("not an image")

    with pytest.raises(ZooError) as refused:
        load(tmp_path, classes=("cat",))

    assert "1.png' cannot be read as an image" in str(refused.value)
    assert 'unreadable = "skip"' in str(refused.value)
    assert re.search(r"So it is with 4: .*3\.png.*, .*, …", str(refused.value)) or "4.png" in str(
        refused.value
    )


@pytest.mark.parametrize("as_table", [False, True])
def test_pictures_that_cannot_be_read_are_left_out_and_counted_when_asked(load, tmp_path, as_table):
    picture_folder(tmp_path, cat=4, ox=3)
    (tmp_path / "cat" / "1.png").write_text("not an image")
    cut = tmp_path / "ox" / "0.png"
    cut.write_bytes(cut.read_bytes()[:-30])
    source = tmp_path
    if as_table:
        rows = [
            f"{one}/{k}.png,{label}"
            for label, (one, n) in enumerate([("cat", 4), ("ox", 3)])
            for k in range(n)
        ]
        source = tmp_path / "labels.csv"
        source.write_text("\n".join(["file,label", *rows]))

    found = load(source, classes=("cat", "ox"), roots=[tmp_path], skips=True)

    assert Counter(found.labels.tolist()) == {0: 3, 1: 2}
    images = found.images(99, check=keep_going)
    # Red tells the class of each picture, green its number.
    shades = {(int(red), int(green)) for red, green, _ in images[:, :, 0, 0].tolist()}
    assert shades == {(60, 0), (60, 2), (60, 3), (40, 1), (40, 2)}
    (note,) = found.notes
    assert note.startswith("2 of 7 pictures cannot be read and are left out (")
    assert "1.png" in note
    assert "0.png" in note


def test_nothing_is_noted_where_every_picture_can_be_read(load, tmp_path):
    found = load(picture_folder(tmp_path, cat=2), classes=("cat",), skips=True)

    assert (len(found), found.notes) == (2, ())


def test_a_set_of_which_nothing_can_be_read_is_refused(load, tmp_path):
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "1.png").write_text("not an image")

    with pytest.raises(ZooError, match="The val set of 'digits' holds no images"):
        load(tmp_path, classes=("cat",), skips=True)


@pytest.mark.parametrize("ending", ["jpg", "webp"])
def test_pictures_that_a_viewer_would_turn_are_counted_and_taken_as_stored(load, tmp_path, ending):
    (tmp_path / "cat").mkdir()
    half = Image.new("RGB", (16, 16))
    half.paste((200, 0, 0), (0, 0, 8, 16))
    for number, orientation in enumerate((1, 6, 3, None)):
        exif = Image.Exif()
        if orientation is not None:
            exif[0x0112] = orientation
        half.save(tmp_path / "cat" / f"{number}.{ending}", exif=exif)

    found = load(tmp_path, classes=("cat",))

    (note,) = found.notes
    assert note.startswith("2 of 4 pictures are stored turned (EXIF) and are taken as they are stored")
    red = found.images(4, check=keep_going)[:, 0].float()
    assert (red[:, :, 1] > 150).all()
    assert (red[:, :, 6] < 50).all()


def test_a_class_without_a_picture_is_noted(load, tmp_path):
    assert load(picture_folder(tmp_path, cat=1, ox=0, dog=0), classes=("dog", "cat", "ox")).notes == (
        "no picture of dog, ox",
    )


def test_links_among_the_images_lead_to_a_root_or_are_refused(load, tmp_path):
    elsewhere, zoo = tmp_path / "elsewhere", tmp_path / "zoo"
    for folder in (elsewhere, zoo):
        folder.mkdir()
        picture_folder(folder, cat=1)
    picture_folder(elsewhere, ox=1)
    (zoo / "cat" / "1.png").symlink_to(elsewhere / "cat" / "0.png")
    (zoo / "cat" / "2.png").symlink_to(zoo / "cat" / "0.png")
    (zoo / "ox").symlink_to(elsewhere / "ox")

    assert len(load(zoo, classes=("cat", "ox"), roots=[zoo, elsewhere])) == 4
    for roots, link in (([zoo], "ox"), ([zoo, elsewhere / "ox"], r"1\.png")):
        with pytest.raises(ZooError, match=rf"'{link}' leads out of the zoo's folder, to '.*elsewhere"):
            load(zoo, classes=("cat", "ox"), roots=roots)


def test_pipe_among_the_images_is_refused_and_not_waited_for(load, tmp_path):
    picture_folder(tmp_path, cat=1)
    os.mkfifo(tmp_path / "cat" / "1.png")

    with pytest.raises(FileError, match=r"1\.png' cannot be read: it is a named pipe"):
        load(tmp_path, classes=("cat",))


def test_a_torchvision_set_is_resized_to_the_encoder(load, tmp_path):
    found = load("torchvision:MNIST", split="test", classes="0123456789", data_root=fake_mnist(tmp_path))

    images = found.images(20, check=keep_going)
    assert images.shape == (20, 3, 8, 8)
    assert images[:, 2, 4, 4].tolist() == [10 * label for label in found.labels.tolist()]


def test_validation_is_the_tenth_of_train_that_random_split_holds_out(load, tmp_path):
    root = fake_mnist(tmp_path, n=40)
    images: Any = range(40)
    held_out = torch.utils.data.random_split(images, [36, 4], torch.Generator().manual_seed(0))[1].indices

    found = load("torchvision:MNIST", classes="0123456789", data_root=root)

    shades = found.images(4, check=keep_going)[:, 0, 0, 0]
    assert sorted(found.labels.tolist()) == sorted(index % 10 for index in held_out)
    assert shades.tolist() == [10 * label + 1 for label in found.labels.tolist()]


def test_a_torchvision_set_that_is_not_there_is_refused_and_not_downloaded(load, tmp_path):
    with pytest.raises(ZooError, match=r"MNIST is not complete under .* To download it: python -c"):
        load("torchvision:MNIST", data_root=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_torchvision_set_needs_a_root(load):
    with pytest.raises(ZooError, match=r"'torchvision:MNIST' needs a data root"):
        load("torchvision:MNIST")


def test_an_unknown_torchvision_set_is_refused(load, tmp_path):
    with pytest.raises(ZooError, match=r"torchvision set 'Cifar' is not supported; choose one of MNIST"):
        load("torchvision:Cifar", data_root=tmp_path)


@given(st.integers(1, 7), st.integers(1, 12), st.integers(0, 5))
def test_every_prefix_of_a_balanced_set_holds_each_class_equally_often(n_classes, per_class, seed):
    labels = torch.arange(n_classes * per_class) % n_classes

    order = nested_order(labels, seed=seed)

    assert sorted(order.tolist()) == list(range(len(labels)))
    for n in range(1, len(labels) + 1):
        counts = torch.bincount(labels[order[:n]], minlength=n_classes)
        assert int(counts.max() - counts.min()) <= 1


def test_a_prefix_of_an_unbalanced_set_keeps_its_shares():
    labels = torch.tensor([0] * 700 + [1] * 200 + [2] * 100)

    counts = torch.bincount(labels[nested_order(labels)[:100]]).tolist()

    assert all(abs(got - want) <= 1 for got, want in zip(counts, [70, 20, 10], strict=True))


def test_the_order_is_the_same_on_every_machine_and_another_for_another_seed():
    labels = torch.tensor([0, 0, 0, 1, 1, 1, 2, 2])

    assert nested_order(labels).tolist() == [7, 2, 4, 6, 0, 5, 1, 3]
    assert nested_order(labels, seed=1).tolist() != nested_order(labels).tolist()
