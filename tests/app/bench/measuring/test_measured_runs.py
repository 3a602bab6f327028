from pathlib import Path

import pytest
from PIL import Image

from analysis.merge.recipe import Recipe
from app.bench.workbenches import Workbenches
from app.errors import NoAccuracyError
from app.work.jobs import JobContext
from tests.zoo_on_disk import CLASSES, write_zoo

N = 6


def with_pictures(folder: Path, tasks: tuple[str, ...]) -> Path:
    """A zoo in which some tasks have pictures of their own in place of a tensor file."""
    write_zoo(folder)
    text = (folder / "zoo.toml").read_text(encoding="utf-8")
    for task in tasks:
        text = text.replace(f"'{task}_val.safetensors'", f"'{task}_pictures'")
        for label, name in enumerate(CLASSES):
            (folder / f"{task}_pictures" / name).mkdir(parents=True)
            for number in range(N):
                picture = Image.effect_noise((64, 64), 10 * (label + number))
                picture.save(folder / f"{task}_pictures" / name / f"{number}.jpg")
    (folder / "zoo.toml").write_text(text, encoding="utf-8")
    return folder


def cut_short(picture: Path) -> None:
    """Leave the header whole, so that the picture is found damaged only when it is decoded."""
    picture.write_bytes(picture.read_bytes()[:-400])


@pytest.fixture
def damaged(store, tmp_path):
    folder = with_pictures(tmp_path / "zoo", ("deep",))
    cut_short(folder / "deep_pictures" / CLASSES[0] / "2.jpg")
    return Workbenches(store).open(folder, JobContext(), device="cpu")


def recipe(bench, scaling=0.5):
    return Recipe.from_mapping({"scaling": scaling}, tasks=bench.tasks)


def test_picture_cut_short_costs_its_task_alone(damaged):
    assert "deep" in damaged.setup.eval_sets["val"]

    run = damaged.run(recipe(damaged)).compute(JobContext())

    assert [score.task for score in run.tasks] == ["shallow", "everywhere"]
    assert "/2.jpg' cannot be read" in damaged.setup.skipped["val"]["deep"]
    assert list(damaged.setup.eval_sets["val"]) == ["shallow", "everywhere"]
    assert "deep" in damaged.setup.eval_sets["test"]


def test_what_was_measured_without_it_is_found_again(damaged):
    run = damaged.run(recipe(damaged)).compute(JobContext())

    assert damaged.run(recipe(damaged)).find().run_id == run.run_id
    assert damaged.recall(recipe(damaged), split="val", n_images=None) is not None


def test_whoever_asks_for_that_task_hears_why_not(damaged):
    with pytest.raises(NoAccuracyError, match=r"^'deep' is not evaluated: .*2\.jpg' cannot be read"):
        damaged.run(recipe(damaged), tasks=["shallow", "deep"]).compute(JobContext())
    with pytest.raises(KeyError):
        damaged.setup.eval_sets["val"]["deep"]


def test_update_of_no_recipe_hears_it_too(damaged):
    with pytest.raises(NoAccuracyError, match=r"^'deep' is not evaluated: .*2\.jpg' cannot be read"):
        damaged.evaluate_update(lambda update: update.zero_(), JobContext(), scaling=1.0, kind="update")

    again = damaged.evaluate_update(lambda update: update.zero_(), JobContext(), scaling=1.0, kind="update")
    assert list(again) == ["shallow", "everywhere"]


def test_nothing_left_to_evaluate_is_a_refusal(store, tmp_path):
    tasks = ("shallow", "deep", "everywhere")
    folder = with_pictures(tmp_path / "zoo", tasks)
    for task in tasks:
        cut_short(folder / f"{task}_pictures" / CLASSES[0] / "5.jpg")
    bench = Workbenches(store).open(folder, JobContext(), device="cpu")

    with pytest.raises(NoAccuracyError, match=r"^'shallow' is not evaluated: .*5\.jpg' cannot be read"):
        bench.run(recipe(bench)).compute(JobContext())
    assert bench.largest_sample("val") == 0
