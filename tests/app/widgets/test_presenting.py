from tests.app_pages import figures


def height(page):
    return figures(page)[0]["layout"]["height"]


def test_presenting_enlarges_charts_until_it_is_left(open_page, settle, tiny_zoo):
    page = settle(open_page("Update norms", tiny_zoo))
    desk = height(page)

    settle(page.button("present").click().run())
    assert height(page) > 1.5 * desk
    assert not any(button.key == "present" for button in page.button)

    settle(page.button("presenting").click().run())
    assert height(page) == desk
