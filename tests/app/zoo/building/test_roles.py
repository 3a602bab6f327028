import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from app.errors import ZooError
from app.zoo.building.found_files import found_files
from app.zoo.building.roles import zoo_parts
from app.zoo.building.written import zoo_toml
from tests.parquet_on_disk import write_parquet
from tests.zoo_layouts import adapters, hugging_face, hugging_face_clips, papers, pictures, saved


def parts(root, **given):
    return zoo_parts(found_files(root), **given)


def tasks(found):
    return {task.name: str(task.checkpoint) for task in found.tasks}


def test_the_layout_of_tall_masks_is_recognised(tmp_path):
    found = parts(papers(tmp_path))

    folder = Path("single_task/ViT-B-32")
    assert found.base == folder / "MNISTVal" / "nonlinear_zeroshot.pt"
    assert tasks(found) == {
        name: str(folder / f"{name}Val" / "nonlinear_finetuned.pt") for name in ("MNIST", "SVHN")
    }
    assert [task.head for task in found.tasks] == [
        str(folder / f"head_{name}Val.pt") for name in ("MNIST", "SVHN")
    ]
    assert found.encoder == "ViT-B-32-quickgelu"
    assert "ViT-B-32-quickgelu was taken" in found.notes[0]


def test_a_base_in_every_folder_is_one_base(tmp_path):
    papers(tmp_path)
    other = saved(tmp_path / "single_task" / "ViT-B-32" / "SVHNVal" / "nonlinear_zeroshot.pt")

    found = parts(tmp_path)

    assert str(found.base) != str(other.relative_to(tmp_path))
    assert list(tasks(found)) == ["MNIST", "SVHN"]
    assert found.notes[0].startswith("Of 2 models with the name of a base, 'single_task/ViT-B-32/MNISTVal")


def test_the_layout_of_task_vectors_is_recognised(tmp_path):
    saved(tmp_path / "ViT-L-14" / "zeroshot.pt")
    for number, task in enumerate(("Cars", "DTD")):
        saved(tmp_path / "ViT-L-14" / task / "finetuned.pt", number)

    found = parts(tmp_path)

    assert (str(found.base), list(tasks(found))) == ("ViT-L-14/zeroshot.pt", ["Cars", "DTD"])
    assert found.encoder == "ViT-L-14-quickgelu"


def test_folders_of_hugging_face_are_called_by_what_the_base_is_not(tmp_path):
    found = parts(hugging_face(tmp_path))

    assert (str(found.base), tasks(found)) == ("clip", {"cars": "clip_cars", "dtd": "clip_dtd"})
    assert found.encoder == "clip/config.json"


def test_adapters_beside_the_only_model_are_its_tasks(tmp_path):
    found = parts(adapters(tmp_path))

    assert (str(found.base), list(tasks(found))) == ("clip", ["cars", "dtd"])


def test_files_side_by_side_are_called_as_they_are(tmp_path):
    for name in ("base.pt", "code.safetensors", "math.ckpt"):
        saved(tmp_path / name)

    assert tasks(parts(tmp_path)) == {"code": "code.safetensors", "math": "math.ckpt"}


def test_checkpoints_of_a_training_are_called_as_the_folder_above(tmp_path):
    saved(tmp_path / "base.pt")
    for task in ("cars", "dtd"):
        saved(tmp_path / task / "checkpoints" / "epoch_3.pt")

    assert list(tasks(parts(tmp_path))) == ["cars", "dtd"]


def test_names_that_would_be_equal_are_paths(tmp_path):
    saved(tmp_path / "base.pt")
    saved(tmp_path / "a" / "cars.pt")
    saved(tmp_path / "b" / "cars.pt")

    assert list(tasks(parts(tmp_path))) == ["a/cars.pt", "b/cars.pt"]


def test_without_a_name_of_a_base_it_is_asked_for(tmp_path):
    for name in ("one.pt", "two.pt"):
        saved(tmp_path / name)

    with pytest.raises(ZooError, match="no name states which of them is the base"):
        parts(tmp_path)
    found = parts(tmp_path, base="two.pt")
    assert (str(found.base), list(tasks(found))) == ("two.pt", ["one"])
    with pytest.raises(ZooError, match=r"'three\.pt' is no model in .* it holds 'one\.pt', 'two\.pt'"):
        parts(tmp_path, base="three.pt")


@pytest.mark.parametrize("inside", [[], ["base.pt"]])
def test_a_folder_without_models_or_tasks_is_refused(tmp_path, inside):
    for name in inside:
        saved(tmp_path / name)

    with pytest.raises(ZooError, match=r"holds no model that can be read|and no model beside it"):
        parts(tmp_path)


def test_heads_in_one_file_are_found_by_the_names_of_their_tensors(tmp_path):
    hugging_face(tmp_path)
    save_file({"Cars": torch.ones(3, 4), "dtd": torch.ones(2, 4)}, tmp_path / "heads.safetensors")

    assert [task.head for task in parts(tmp_path).tasks] == [
        "heads.safetensors#Cars",
        "heads.safetensors#dtd",
    ]


@pytest.mark.parametrize("above", ["", "data"])
def test_image_folders_with_the_name_of_a_task_are_its_images(tmp_path, above):
    hugging_face(tmp_path)
    pictures(tmp_path / above / "Cars" / "validation")
    pictures(tmp_path / above / "Cars" / "test")

    cars, dtd = parts(tmp_path).tasks

    assert {split: str(path) for split, path in cars.images.items()} == {
        "val": str(Path(above) / "Cars" / "validation"),
        "test": str(Path(above) / "Cars" / "test"),
    }
    assert dtd.images == {}


@pytest.mark.parametrize("below", ["Cars", "Cars/images"])
def test_pictures_that_nothing_splits_are_halved(tmp_path, below):
    hugging_face(tmp_path)
    pictures(tmp_path / below)
    pictures(tmp_path / "DTD" / "checkpoints").joinpath("bird").rename(tmp_path / "DTD" / "logs")

    found = parts(tmp_path)
    cars, dtd = found.tasks

    assert cars.images == {"images": Path(below)}
    assert dtd.images == {}
    assert "halved" in zoo_toml(found, {}, name="x")
    assert found.notes[-1].startswith("Nothing splits the images of cars: a half of each class")


def test_files_of_images_with_the_name_of_a_task_are_its_images(tmp_path):
    hugging_face(tmp_path)
    images = {
        "images": torch.zeros(2, 4, 4, 3, dtype=torch.uint8),
        "labels": torch.zeros(2, dtype=torch.int64),
    }
    save_file(images, tmp_path / "cars_val.safetensors")

    assert parts(tmp_path).tasks[0].images == {"val": Path("cars_val.safetensors")}


def test_a_config_that_describes_no_image_encoder_is_none(tmp_path):
    hugging_face(tmp_path)
    (tmp_path / "clip" / "config.json").write_text('{"model_type": "llama"}')

    assert parts(tmp_path).encoder is None


def test_parquet_files_of_a_data_set_with_the_name_of_a_task_are_its_images(tmp_path):
    hugging_face(tmp_path)
    (tmp_path / "cars" / "data").mkdir(parents=True)
    (tmp_path / "cars" / "data" / "test-00000-of-00001.parquet").touch()

    assert parts(tmp_path).tasks[0].images == {"test": Path("cars")}


def test_a_classifiers_own_last_layer_is_its_head_and_its_config_names_the_classes(tmp_path):
    encoder = {"vit.layers.0.attention.q_proj.weight": torch.ones(4, 4)}
    stated = {"base": {}, "river": {"id2label": {"0": "dry", "1": "in flood"}}, "road": {}, "lake": {}}
    stated["lake"]["id2label"] = {"0": "LABEL_0", "1": "LABEL_1"}
    for seed, (name, config) in enumerate(stated.items()):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps(config))
        tensors = {key: value + seed for key, value in encoder.items()}
        if name != "base":
            tensors |= {"classifier.weight": torch.ones(2, 4), "classifier.bias": torch.ones(2)}
        save_file(tensors, tmp_path / name / "model.safetensors")

    found = {task.name: task for task in parts(tmp_path).tasks}

    assert {name: task.head for name, task in found.items()} == {
        name: f"{name}#classifier.weight" for name in ("lake", "river", "road")
    }
    assert found["river"].classes == ("dry", "in flood")
    assert found["road"].classes == found["lake"].classes == ()
    written = zoo_toml(parts(tmp_path), {}, name="A")
    assert 'head = "river#classifier.weight"\nclasses = ["dry", "in flood"]\n' in written


def test_the_text_tower_makes_heads_for_the_classes_that_images_name(tmp_path):
    hugging_face_clips(tmp_path, ("autos", "pets at home"))
    write_parquet(tmp_path / "data" / "autos" / "test.parquet", [0, 1], names=["red car", "blue car"])
    pictures(tmp_path / "pets at home" / "val")

    found = parts(tmp_path)

    autos, pets = found.tasks
    assert (autos.templates, autos.classes) == (("a photo of a {}.",), ("red car", "blue car"))
    assert (pets.templates, pets.classes) == (("a photo of a {}.",), ("bird", "cat", "dog"))
    assert "The text tower makes the heads of autos, pets at home" in found.notes[0]
    written = zoo_toml(found, {}, name="A")
    assert 'templates = ["a photo of a {}."]\nclasses = ["red car", "blue car"]\n' in written


def test_a_task_of_the_papers_has_templates_and_names_for_numbered_classes(tmp_path):
    hugging_face_clips(tmp_path, ("EuroSAT", "DTD", "FER2013"))
    pictures(tmp_path / "FER2013" / "test", map(str, range(7)))
    write_parquet(tmp_path / "data" / "EuroSAT" / "test.parquet", [0, 1])
    pictures(tmp_path / "DTD" / "val", ("dotted", "woven"))

    found = parts(tmp_path)

    dtd, eurosat, faces = found.tasks
    assert eurosat.templates == ("a satellite photo of {}.",)
    assert eurosat.classes[:2] == ("annual crop land", "forest")
    assert "texture" in dtd.templates[0]
    assert faces.classes[-1] == "neutral"
    assert dtd.classes == ("dotted", "woven")
    assert (
        "The text tower makes the heads of DTD, EuroSAT, FER2013 from templates for such images"
        in found.notes[0]
    )


def test_without_names_of_classes_or_a_text_tower_there_are_no_templates(tmp_path):
    hugging_face_clips(tmp_path / "clips", ("autos", "dtd"))
    write_parquet(tmp_path / "clips" / "data" / "autos" / "test.parquet", [0, 1])
    hugging_face(tmp_path / "vision")
    pictures(tmp_path / "vision" / "data" / "cars" / "val")

    for folder in ("clips", "vision"):
        found = parts(tmp_path / folder)
        assert [task.templates for task in found.tasks] == [(), ()]
        assert not found.notes
