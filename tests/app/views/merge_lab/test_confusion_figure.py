from app.figures.palette import LIGHT
from app.views.merge_lab.confusion_figure import confusion_figure


def drawn(counts, classes=("zero", "one"), *, is_difference=False):
    return confusion_figure(counts, classes, LIGHT, is_difference=is_difference, baseline_name="zero-shot")


def texts(figure):
    return {(note.y, note.x): note.text for note in figure.layout.annotations}


def test_true_classes_run_downwards_and_chosen_ones_across():
    figure = drawn([[3, 1], [0, 4]])

    assert figure.data[0].z == ([3, 1], [0, 4])
    assert figure.layout.yaxis.autorange == "reversed"
    assert texts(figure) == {("zero", "zero"): "3", ("zero", "one"): "1", ("one", "one"): "4"}


def test_colours_of_counts_run_from_nothing_to_the_largest():
    heat = drawn([[3, 1], [0, 4]]).data[0]

    assert (heat.zmin, heat.zmax) == (0, 4)


def test_colours_of_a_difference_are_centred_on_nothing():
    heat = drawn([[2, -3], [0, 1]], is_difference=True).data[0]

    assert (heat.zmin, heat.zmax) == (-3, 3)
    assert [colour for _, colour in heat.colorscale] == [LIGHT.pinned, LIGHT.paper, LIGHT.merge]


def test_difference_is_signed_and_nothing_is_left_blank():
    figure = drawn([[2, -3], [0, 1]], is_difference=True)

    assert texts(figure) == {("zero", "zero"): "+2", ("zero", "one"): "-3", ("one", "one"): "+1"}


def test_number_on_a_strong_cell_takes_the_colour_of_the_paper():
    colours = [note.font.color for note in drawn([[10, 5], [0, 6]]).layout.annotations]

    assert colours == [LIGHT.paper, LIGHT.ink, LIGHT.paper]


def test_cells_of_many_classes_carry_no_numbers():
    classes = [str(number) for number in range(13)]

    assert texts(drawn([[1] * 13] * 13, classes)) == {}
    assert len(texts(drawn([[1] * 12] * 12, classes[:12]))) == 144


def test_matrix_without_images_has_a_scale_all_the_same():
    heat = drawn([[0, 0], [0, 0]]).data[0]

    assert (heat.zmin, heat.zmax) == (0, 1)
