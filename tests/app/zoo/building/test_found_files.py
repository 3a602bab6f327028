import pytest

from app.errors import ZooError
from app.zoo.building.found_files import Kind, found_files
from tests.zoo_layouts import hugging_face, saved


def test_what_lies_beside_a_models_weights_is_no_model(tmp_path):
    hugging_face(tmp_path)
    for name in ("optimizer.pt", "scheduler.pt", "training_args.bin", "tokenizer.json"):
        (tmp_path / "clip" / name).touch()
    saved(tmp_path / "optimizer.pt")

    assert [str(one.path) for one in found_files(tmp_path).of(Kind.MODEL)] == [
        "clip",
        "clip_cars",
        "clip_dtd",
    ]


def test_a_file_that_cannot_be_read_costs_itself_and_states_why(tmp_path):
    saved(tmp_path / "base.pt")
    (tmp_path / "broken.pt").write_bytes(b"GGUF" + b"0" * 600)
    (tmp_path / "linear_finetuned.pt").touch()

    files = found_files(tmp_path)

    assert [str(one.path) for one in files.found] == ["base.pt"]
    assert files.aside["broken.pt"].startswith("'broken.pt' is a GGUF model for llama.cpp")
    assert files.aside["linear_finetuned.pt"].startswith("It is a linearised model; name it")


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    saved(tmp_path / "elsewhere" / "model.pt")
    inside = tmp_path / "inside"
    saved(inside / "base.pt")
    (inside / "link").symlink_to(tmp_path / "elsewhere")
    (inside / "loop").symlink_to(inside)

    assert [str(one.path) for one in found_files(inside).found] == ["base.pt"]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ZooError, match="cannot be looked through"):
        found_files(tmp_path / "absent")


def test_a_folder_with_a_config_and_several_files_is_several_models(tmp_path):
    for name in ("base.pt", "cars.pt"):
        saved(tmp_path / "zoo" / name)
    (tmp_path / "zoo" / "config.json").write_text("{}")

    assert [str(one.path) for one in found_files(tmp_path).found] == ["zoo/base.pt", "zoo/cars.pt"]
