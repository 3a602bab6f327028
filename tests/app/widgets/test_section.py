from tests.app_pages import said


def cards(page):
    return [text.removeprefix("##### ") for text in said(page.markdown) if text.startswith("##### ")]


def toggle(page, title):
    return next(one for one in page.toggle if one.label.startswith(title))


def test_closed_section_draws_nothing_until_it_is_opened(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo, sections="count"))
    assert not any(card.startswith("Overlap") for card in cards(page))

    settle(toggle(page, "Overlap").set_value(True).run())

    assert any(card.startswith("Overlap") for card in cards(page))
    assert page.query_params["sections"] == "count,overlap"


def test_address_opens_and_closes_sections(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo, sections="overlap"))

    assert [one.value for one in page.toggle if ":" in one.label] == [False, False, False, True, False]


def test_sections_as_they_are_at_first_need_no_word_in_the_address(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo, sections="count"))

    settle(toggle(page, "Rebuild").set_value(True).run())

    assert "sections" not in page.query_params


def test_all_sections_can_be_closed(open_page, settle, tiny_zoo):
    page = settle(open_page("TALL masks", tiny_zoo, sections="count"))

    settle(toggle(page, "Count").set_value(False).run())

    assert page.query_params["sections"] == "none"
    assert cards(page) == []
