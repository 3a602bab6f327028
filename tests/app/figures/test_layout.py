from app.figures.layout import plain_layout
from app.figures.palette import DARK


def test_layout_shows_the_card_through_and_takes_the_ink_of_the_theme():
    layout = plain_layout(DARK, height=99)

    assert (layout["paper_bgcolor"], layout["plot_bgcolor"]) == ("rgba(0,0,0,0)", "rgba(0,0,0,0)")
    assert layout["font"]["color"] == DARK.ink
    assert (layout["height"], layout["showlegend"]) == (99, False)
