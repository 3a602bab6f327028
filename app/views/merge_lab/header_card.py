"""The lab's title line, with the actions on the recipe and the images it is measured on."""

import streamlit as st

from app.bench.measuring.measured_runs import QUICK_SAMPLE
from app.session.lab import Lab
from app.views.merge_lab.save_card import save_menu
from app.widgets.drawn_input import by_hand
from app.widgets.page_header import page_header

_PAGE = "merge_lab"


def lab_header(lab: Lab) -> None:
    """Draw title, caption and actions."""
    caption = f"{lab.bench.zoo.file.name} · {lab.bench.device.type.upper()}"
    with page_header("Merge lab", caption, is_crowded=True):
        _history(lab)
        _pin(lab)
        _sample(lab)
        _test(lab)
        save_menu(lab)


def _history(lab: Lab) -> None:
    st.button(
        "Undo",
        key=f"{_PAGE}.undo",
        icon=":material/undo:",
        type="tertiary",
        disabled=not lab.editing.history.can_undo,
        on_click=lab.undo,
        shortcut="Mod+Z",
    )
    st.button(
        "Redo",
        key=f"{_PAGE}.redo",
        icon=":material/redo:",
        type="tertiary",
        disabled=not lab.editing.history.can_redo,
        on_click=lab.redo,
        shortcut="Mod+Shift+Z",
    )


def _pin(lab: Lab) -> None:
    if lab.results.baseline is None:
        st.button(
            "Pin",
            key=f"{_PAGE}.pin",
            icon=":material/push_pin:",
            disabled=lab.results.shown is None,
            on_click=lab.results.pin,
            help="Keep this run as the baseline that later runs are compared with",
        )
        return
    st.button("Unpin", key=f"{_PAGE}.unpin", icon=":material/keep_off:", on_click=lab.results.unpin)


def _sample(lab: Lab) -> None:
    largest = lab.bench.largest_sample("val")
    if not largest:
        return
    sizes: list[int | None] = [n for n in (QUICK_SAMPLE, 256, 512, 1024) if n < largest]
    images = "all" if lab.n_images is None or lab.n_images >= largest else f"{lab.n_images}"
    with st.popover(f"Images: {images}", icon=":material/image:"):
        key, now = f"{_PAGE}.n_images", lab.n_images if lab.n_images in sizes else None
        st.radio(
            "Validation images per task",
            [*sizes, None],
            index=[*sizes, None].index(now),
            format_func=lambda n: f"all of validation ({largest})" if n is None else f"{n}, quick",
            key=key,
            on_change=by_hand(key, key, now, lab.sample),
        )
        live = f"{_PAGE}.live"
        st.toggle(
            "Measure every change at once",
            lab.is_live,
            key=live,
            on_change=by_hand(live, live, lab.is_live, lab.measure_at_once),
        )
    # Also when live: after a stop or a failure there must be a way to ask again.
    if not lab.is_live or not (lab.is_measured or lab.awaited):
        st.button(
            "Merge",
            key=f"{_PAGE}.apply",
            type="primary",
            disabled=lab.is_measured,
            on_click=lab.measure,
            shortcut="Mod+Enter",
        )


def _test(lab: Lab) -> None:
    if not lab.bench.largest_sample("test"):
        return
    looks = lab.bench.history.test_evaluations
    with st.popover(f"Score on test · {looks} so far", icon=":material/lock:"):
        st.markdown(
            "Choose coefficients on validation. The more often a choice follows a test score, the more "
            "optimistic that score becomes: this counts as one more look."
        )
        st.button(
            "Score this recipe on test",
            key=f"{_PAGE}.test",
            type="primary",
            disabled=lab.testing.job is not None,
            on_click=lab.score_on_test,
        )
