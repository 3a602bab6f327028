import re
from contextlib import closing

import pytest

from analysis.merge.recipe import Recipe
from app.bench.workbenches import Workbenches
from app.cli.shipping import ship
from app.work.jobs import JobContext
from app.zoo.zoo_file import read_zoo_file
from cache.store import Store
from tests.app_pages import said
from tests.zoo_layouts import papers, saved
from tests.zoo_on_disk import TASKS, write_zoo


@pytest.fixture
def library(open_page, settle, tiny_zoo):
    return settle(open_page("Library", tiny_zoo))


def metrics(page):
    return {one.label: one.value for one in page.metric}


def rows(page):
    return page.dataframe[0].value


def test_open_zoo_is_listed_checkpoint_by_checkpoint(library, tiny_zoo):
    assert metrics(library)["Tasks"] == str(len(TASKS))
    assert metrics(library)["Residual blocks"] == "3"
    assert list(rows(library)["name"]) == ["base", *TASKS]
    assert list(rows(library)["val"])[1:] == [40, 40, 40]
    assert list(rows(library)["test"])[1:] == [60, 60, 60]
    assert list(rows(library)["classes"])[1:] == [3, 3, 3]
    assert said(library.subheader) == ["Tiny zoo"]
    assert str(tiny_zoo) in said(library.caption)


def test_size_of_an_update_is_given_against_the_base_that_has_none(library):
    relative = dict(zip(rows(library)["name"], rows(library)["relative"], strict=True))

    assert relative["base"] != relative["base"]  # NaN
    assert all(relative[task] > 0 for task in TASKS)


def test_controls_are_named_apart(library):
    (details,) = [text for text in said(library.caption) if "Controls" in text]

    assert "Controls, evaluated but never merged: letters." in details


def test_folder_shows_how_much_memory_it_takes_before_it_is_opened(library, settle, tmp_path):
    other = write_zoo(tmp_path / "other", tasks=TASKS[:2])

    library.text_input("library.folder").set_value(str(other)).run()
    before = metrics(library)["Tasks"]
    settle(library.button("library.open").click().run())

    assert any("2 tasks" in text and "this machine has" in text for text in said(library.caption))
    assert (before, metrics(library)["Tasks"]) == ("3", "2")
    assert str(other) in said(library.caption)


def test_folder_that_the_app_was_not_started_for_is_refused(library, tmp_path_factory):
    elsewhere = write_zoo(tmp_path_factory.mktemp("elsewhere"))

    library.text_input("library.folder").set_value(str(elsewhere)).run()

    (error,) = said(library.error)
    assert f"start the server with --root '{elsewhere}'" in error
    assert library.button("library.open").disabled


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda zoo: zoo / "nowhere", "nowhere"),
        (lambda zoo: (zoo / "zoo.toml").write_text("name = 'x'\ntaks = 1\n") and zoo, "taks"),
        (lambda zoo: (zoo / "base.safetensors").unlink() or zoo, "base.safetensors"),
        (lambda zoo: (zoo / "base.safetensors").write_bytes(b"\xff" * 64) and zoo, "base.safetensors"),
    ],
    ids=["missing folder", "typo", "missing file", "damaged header"],
)
def test_reason_why_a_folder_cannot_be_opened_is_shown_in_place(damage, complaint, library, tmp_path):
    folder = damage(write_zoo(tmp_path / "other"))

    library.text_input("library.folder").set_value(str(folder)).run()

    (error,) = said(library.error)
    assert complaint in error
    assert library.button("library.open").disabled
    assert metrics(library)["Tasks"] == "3"


def test_zoo_opened_before_is_one_click_away(library, settle, tiny_zoo, tmp_path):
    other = write_zoo(tmp_path / "other", tasks=TASKS[:2])
    library.text_input("library.folder").set_value(str(other)).run()
    settle(library.button("library.open").click().run())

    settle(library.button("library.recent.0").click().run())

    assert metrics(library)["Tasks"] == "3"
    assert str(tiny_zoo) in said(library.caption)


def test_base_of_another_family_is_warned_about_with_its_number(open_page, settle, tmp_path):
    zoo, other = write_zoo(tmp_path / "zoo"), write_zoo(tmp_path / "other", seed=1)
    (other / "base.safetensors").replace(zoo / "base.safetensors")

    page = settle(open_page("Library", zoo))

    assert any("median ‖τ‖/‖θ₀‖ = " in text for text in said(page.warning))


def test_results_that_came_with_a_zoo_are_named_and_can_be_measured_again(open_page, settle, tmp_path):
    folder = write_zoo(tmp_path / "zoo")
    with closing(Store.open(tmp_path / "elsewhere")) as store:
        there = Workbenches(store).open(folder, JobContext(), device="cpu")
        there.run(Recipe.from_mapping({"scaling": 0.4}, tasks=there.tasks)).compute(JobContext())
        ship(there)
    library = settle(open_page("Library", folder))

    assert any(
        re.match(r"5 runs came with this zoo, measured with torch 2", text) for text in said(library.caption)
    )
    library = settle(library.button("library.shipped.True").click().run())
    assert any("what you see was measured here" in text for text in said(library.caption))
    library = settle(library.button("library.shipped.False").click().run())
    assert any("5 runs came with this zoo" in text for text in said(library.caption))


def test_folder_of_zoos_offers_those_in_it(library, settle, tmp_path):
    write_zoo(tmp_path / "many" / "pair", tasks=TASKS[:2])
    (tmp_path / "many" / "empty").mkdir()

    library.text_input("library.folder").set_value(str(tmp_path / "many")).run()
    settle(library.button("library.below.0").click().run())

    assert metrics(library)["Tasks"] == "2"


def typed(library, settle, folder):
    return settle(library.text_input("library.folder").set_value(str(folder)).run())


def test_a_folder_that_is_not_there_is_refused(library, settle, tmp_path):
    typed(library, settle, tmp_path / "absent")

    assert any("zoo.toml" in text for text in said(library.error))


def test_a_folder_without_models_says_what_it_lacks(library, settle, tmp_path):
    (tmp_path / "empty").mkdir()

    typed(library, settle, tmp_path / "empty")

    assert any("holds no model that can be read" in text for text in said(library.info))


def test_a_folder_of_models_becomes_a_zoo_and_opens(library, settle, tmp_path):
    models = papers(tmp_path / "models")

    typed(library, settle, models)
    assert "No zoo.toml here. Found 3 models, 2 files of heads." in said(library.caption)
    settle(library.button("library.build.write").click().run())

    assert said(library.subheader) == ["models"]
    assert metrics(library)["Tasks"] == "2"
    file = read_zoo_file(models)
    assert [(task.name, task.head is not None) for task in file.tasks] == [("MNIST", True), ("SVHN", True)]


def test_a_base_that_no_name_states_is_asked_for(library, settle, tmp_path):
    for number, name in enumerate(("one.pt", "two.pt")):
        saved(tmp_path / "models" / name, number)

    typed(library, settle, tmp_path / "models")
    assert any("no name states which of them is the base" in text for text in said(library.info))
    (base,) = [one for one in library.selectbox if one.label == "Base"]
    settle(base.set_value("two.pt").run())
    settle(library.button("library.build.write").click().run())

    assert [task.name for task in read_zoo_file(tmp_path / "models").tasks] == ["one"]


def test_a_zoo_that_came_into_being_meanwhile_stays_as_it_is(library, settle, tmp_path):
    models = papers(tmp_path / "models")
    typed(library, settle, models)

    (models / "zoo.toml").write_text("mine")
    settle(library.button("library.build.write").click().run())

    assert (models / "zoo.toml").read_text() == "mine"
    assert any("exists and is left as it is" in text for text in said(library.error))


def test_files_left_aside_are_listed_with_their_reason(library, settle, tmp_path):
    papers(tmp_path / "models")
    (tmp_path / "models" / "broken.pt").write_bytes(b"GGUF" + b"0" * 600)

    typed(library, settle, tmp_path / "models")

    listed = next(table.value for table in library.dataframe if "why" in table.value)
    assert list(listed["file"]) == ["broken.pt"]
    assert "GGUF" in listed["why"][0]


def test_a_folder_outside_of_the_servers_is_not_looked_at(library, settle, tmp_path_factory):
    typed(library, settle, papers(tmp_path_factory.mktemp("elsewhere")))

    assert any("lies outside the folders" in text for text in said(library.error))
    assert "library.build.write" not in [button.key for button in library.button]
