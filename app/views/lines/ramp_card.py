"""Card of LiNeS: the ramp over the size of each layer's update."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.layer_scaling import layer_word
from app.views.lines.ends_card import ends
from app.views.lines.ramp import columns, ramp_rows, ramp_takeaway
from app.views.lines.ramp_figure import ramp_figure
from app.views.lines.scales import equal_size
from app.views.lines.settings import LinesSettings
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette
from app.widgets.navigation import go_to


def ramp_card(diagnosis: Diagnosis, settings: LinesSettings, lab: Lab) -> None:
    """Draw the factors over the sizes of the layers, before and after, with both ends to set."""
    profile, factors = settings.profile, settings.factors
    found = columns(profile, factors)
    place = next((one for one in diagnosis.places if one.key == diagnosis.selection.place), None)
    with card("lines.ramp", "The ramp, over the size of each layer's update"):
        ends(diagnosis.selection, settings)
        chart(
            "lines.profile",
            ramp_figure(
                [column.name for column in found],
                [column.factor for column in found],
                [column.before for column in found],
                [column.after for column in found],
                tab_palette(),
                constant=equal_size(profile, factors),
                chosen=None if place is None else layer_word(place),
            ),
            takeaway=ramp_takeaway(profile, factors),
            cannot_say="Everything outside the blocks gets α, including ln_post and the projection after "
            "them. LiNeS also changes the size of the whole update, so it is compared with a constant λ of "
            "equal size. Size is not effect: a large update may change few predictions.",
            rows=lambda: ramp_rows(found),
            legend=_KEY,
        )
        if st.button("Open this ramp in the Merge lab", key="lines.open", icon=":material/tune:"):
            lab.change(settings.recipe)
            go_to("Merge lab")


_KEY = """
<div class="tauscope-key">
  <span><i class="square before"></i>‖τ‖ before scaling</span>
  <span><i class="square after"></i>‖τ‖ after scaling</span>
  <span><i class="dot"></i>factor (right axis)</span>
  <span><i class="dotted"></i>constant λ of equal size</span>
</div>
"""
