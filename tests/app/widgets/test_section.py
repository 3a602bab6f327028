from tests.app_pages import said


def cards(page):
    return [text.removeprefix("##### ") for text in said(page.markdown) if text.startswith("##### ")]


def toggle(page, title):
    return next(one for one in page.toggle if one.label.startswith(title))


def opened(page):
    return [one.value for one in page.toggle if one.key.startswith("section.")]


def test_closed_section_draws_nothing_until_it_is_opened(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo, sections=""))
    assert opened(page) == [True, True, False, False, False]
    assert not any(card.startswith("Overlap") for card in cards(page))

    settle(toggle(page, "Overlap").set_value(True).run())

    assert any(card.startswith("Overlap") for card in cards(page))
    assert page.query_params["sections"] == "overlap"


def test_address_opens_and_closes_sections(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo, sections="overlap,count"))

    assert opened(page) == [False, True, False, True, False]


def test_sections_as_they_are_at_first_need_no_word_in_the_address(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo, sections="rebuild"))

    settle(toggle(page, "Rebuild").set_value(True).run())

    assert "sections" not in page.query_params


def test_section_turned_on_one_page_turns_none_of_another(open_page, settle, tiny_zoo):
    here = settle(open_page("TALL masks", tiny_zoo, sections=""))
    settle(toggle(here, "Overlap").set_value(True).run())

    other = settle(open_page("LiNeS", sections=here.query_params["sections"]))

    assert opened(other) == [False, True, False]
