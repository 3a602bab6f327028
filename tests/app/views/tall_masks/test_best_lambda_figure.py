from app.figures.heat_map import Cells
from app.figures.palette import LIGHT
from app.views.tall_masks.best_lambda_figure import best_lambda_figure

CELLS = Cells(["digits", "signs"], ["0.2", "0.4", "other half"], [[0.9, 0.99, 0.98], [0.7, None, None]])


def test_best_lambda_of_each_task_is_framed_and_no_other_cell():
    figure = best_lambda_figure(CELLS, LIGHT, low=0.7, best=[(0, 1)])

    (frame,) = [shape for shape in figure.layout.shapes if shape.name == "best"]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, -0.5, 0.5)
    bare = best_lambda_figure(CELLS, LIGHT, low=0.7, best=[])
    assert not [shape for shape in bare.layout.shapes if shape.name == "best"]


def test_colours_run_up_to_the_fine_tuned_accuracy():
    heat = best_lambda_figure(CELLS, LIGHT, low=0.7, best=[]).data[0]

    assert (heat.zmin, heat.zmax) == (0.7, 1.0)
