import plotly.graph_objects as go

from app.figures.notes import corner_notes, row_note, row_notes, top_note
from app.figures.palette import LIGHT


def test_number_of_each_row_stands_right_of_its_end_at_its_height():
    notes = row_notes(["digits", "signs"], ["40 %", "20 %"], LIGHT)

    assert [(note["y"], note["text"]) for note in notes] == [
        ("digits", "<b>40 %</b>"),
        ("signs", "<b>20 %</b>"),
    ]
    assert {(note["x"], note["xref"], note["xanchor"]) for note in notes} == {(1.0, "paper", "left")}
    assert all(note["xshift"] > 0 for note in notes)


def test_rows_of_a_panel_end_where_the_panel_ends():
    (note,) = row_notes([0], ["40 %"], LIGHT, x="x2 domain")

    assert (note["xref"], note["y"]) == ("x2 domain", 0)


def test_a_note_of_a_row_is_as_far_from_its_end_as_it_is_told():
    note = go.layout.Annotation(row_note("digits", "+1", shift=118, xanchor="right"))

    assert (note.xshift, note.xanchor, note.y, note.showarrow) == (118, "right", "digits", False)


def test_note_on_top_stands_over_its_position():
    note = go.layout.Annotation(top_note("λ = 0.4", 0.4, LIGHT.merge))

    assert (note.x, note.y, note.yref, note.yanchor) == (0.4, 1.0, "paper", "bottom")
    assert note.font.color == LIGHT.merge


def test_corners_hold_their_texts_and_empty_ones_are_left_out():
    both = corner_notes("fewer", "more", LIGHT)

    assert [(note["text"], note["x"], note["xanchor"]) for note in both] == [
        ("fewer", 0.0, "left"),
        ("more", 1.0, "right"),
    ]
    assert [note["text"] for note in corner_notes("", "more", LIGHT)] == ["more"]
    assert corner_notes("", "", LIGHT) == []
