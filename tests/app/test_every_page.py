import re
from shutil import copy
from threading import Event

import pytest
from safetensors.torch import load_file, save_file

from app import resources
from app.registry import SECTIONS, pages
from app.work.jobs import Lane
from tests.zoo_on_disk import TASKS, write_zoo

TITLES = [page.title for page in pages() if page.section != "Learn"]
"""Pages that need a zoo."""
LONG = 60

every_page = pytest.mark.parametrize("title", TITLES)


def said(elements):
    return [element.value for element in elements]


@pytest.fixture
def broken_zoo(tmp_path):
    """A zoo whose folder looks well and whose weights do not."""
    folder = write_zoo(tmp_path / "broken")
    weights = load_file(folder / "deep.safetensors")
    weights["visual.proj"][0, 0] = float("nan")
    save_file(weights, folder / "deep.safetensors")
    return folder


def test_pages_have_addresses_of_their_own_in_known_sections():
    assert len({page.address for page in pages()}) == len(pages())
    assert {page.section for page in pages()} <= set(SECTIONS)


def test_app_opens_on_exactly_one_page():
    assert [page.title for page in pages() if page.is_default] == ["Merge lab"]


@every_page
def test_page_shows_how_far_the_zoo_is_that_is_being_opened(title, open_page, tiny_zoo):
    go = Event()
    resources.worker().submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)

    page = open_page(title, tiny_zoo)
    (bar,) = page.get("progress")
    go.set()

    assert not page.exception
    assert bar.proto.text == "Opening Tiny zoo: waiting for its turn"
    assert title == "Library" or any("task vector" in text for text in said(page.markdown))


@every_page
def test_page_draws_an_open_zoo_without_complaint(title, open_page, settle, tiny_zoo):
    page = settle(open_page(title, tiny_zoo))

    assert not page.exception
    assert said(page.error) + said(page.warning) == []
    assert title in said(page.title)


@every_page
def test_page_draws_weights_that_nothing_can_evaluate(title, open_page, settle, tmp_path):
    page = settle(open_page(title, write_zoo(tmp_path / "zoo", with_encoder=False)))

    assert not page.exception
    assert said(page.error) + said(page.warning) == []
    assert title in said(page.title)


@every_page
def test_page_without_a_zoo_states_why_in_one_sentence_and_what_to_do(title, open_page, settle, tmp_path):
    page = settle(open_page(title, tmp_path / "nowhere"))

    assert not page.exception
    (error,) = said(page.error)
    assert "zoo.toml" in error
    assert error.endswith(".")
    (info,) = said(page.info)
    assert info.startswith("No zoo is open.")


@every_page
def test_page_works_without_a_history_and_states_so(title, open_page, settle, tiny_zoo, tmp_path, caplog):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "results.duckdb").write_bytes(b"no database at all" * 1000)

    page = settle(open_page(title, tiny_zoo))

    assert not page.exception
    assert title in said(page.title)
    (notice,) = [text for text in said(page.caption) if "runs are not kept" in text]
    assert "results.duckdb cannot be used" in notice
    assert [record.message for record in caplog.records if "runs are not kept" in record.message]


@every_page
def test_zoo_that_cannot_be_opened_leaves_the_one_before_in_place(
    title, open_page, settle, tiny_zoo, broken_zoo
):
    library = settle(open_page("Library", tiny_zoo))
    library.text_input("library.folder").set_value(str(broken_zoo)).run()
    settle(library.button("library.open").click().run())

    page = settle(open_page(title))

    assert not page.exception
    (complaint,) = said(page.error) + said(page.warning)
    assert "deep" in complaint
    assert "visual.proj" in complaint
    assert title in said(page.title)
    assert "No zoo is open" not in " ".join(said(page.info))


@every_page
@pytest.mark.parametrize("source", ["base", "deep"])
def test_page_draws_tasks_with_no_update_or_the_same(title, source, open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path / "zoo")
    for task in set(TASKS) - {source}:
        copy(zoo / f"{source}.safetensors", zoo / f"{task}.safetensors")

    page = settle(open_page(title, zoo))

    assert not page.exception
    assert said(page.error) == []
    assert not any("nan" in text for text in said(page.caption) + said(page.markdown))


@every_page
def test_page_draws_a_zoo_of_one_task(title, open_page, settle, tmp_path):
    page = settle(open_page(title, write_zoo(tmp_path / "zoo", tasks=TASKS[:1])))

    assert not page.exception
    assert said(page.error) == []


@every_page
def test_page_draws_a_zoo_in_which_only_a_control_has_images(title, open_page, settle, tmp_path):
    zoo = write_zoo(tmp_path / "zoo", controls=["familiar"])
    described = zoo / "zoo.toml"
    tasks, control = described.read_text().split("[[controls]]")
    described.write_text(re.sub(r"(?m)^(val|test) = .*\n", "", tasks) + "[[controls]]" + control)

    page = settle(open_page(title, zoo))

    assert not page.exception
    assert said(page.error) == []


@pytest.mark.parametrize("title", [page.title for page in pages() if page.section == "Learn"])
def test_page_that_explains_needs_no_zoo(title, open_page, tmp_path):
    page = open_page(title, tmp_path / "nowhere")

    assert not page.exception
    assert said(page.title) == [title]
