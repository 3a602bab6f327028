from analysis.model.places import Place
from app.views.lines.profile import LayerProfile


def made_profile(squares, *, towers=("visual",), alpha=0.5, why=""):
    """A profile with as many blocks as there are squares, and 1 outside; the same in every tower."""
    places = [Place(tower, layer, str(layer)) for tower in towers for layer in range(len(squares))]
    return LayerProfile(
        (*places, Place(towers[0], None, "proj")),
        (*squares * len(towers), 1.0),
        alpha,
        why,
        dict.fromkeys(towers, len(squares)),
    )
