"""Page: which zoo is open, what is in it, and how to open another."""

from pathlib import Path
from typing import Any

import streamlit as st

from analysis.errors import AnalysisError
from app.bench.workbench import Workbench
from app.errors import ZooError
from app.registry import Page
from app.session.session import Session
from app.settings import DEMO_ZOO, settings
from app.widgets.current_zoo import current_session, opening_status
from app.widgets.page_header import page_header
from app.words.numbers import count, file_size, percent
from app.zoo.devices import available_devices, device_named, memory_needed
from app.zoo.opening import MemoryBudget, memory_budget
from app.zoo.typed_path import typed_path
from app.zoo.zoo_file import read_zoo_file
from cache.errors import CacheError


def render() -> None:
    """Draw the page."""
    session = current_session()
    page_header(
        "Library", "A zoo is a base model and models fine-tuned from it; every page works on the open one."
    )
    with st.container(key="page"):
        left, right = st.columns([3, 7])
        with left:
            _open_another(session)
        with right:
            if session.opening is not None:
                opening_status(session)
            if session.notice is not None:
                st.error(session.notice, icon=":material/error:")
            if session.lab is None:
                if session.opening is None:
                    st.info("No zoo is open. Choose one on the left.", icon=":material/folder_open:")
                return
            _zoo(session.lab.bench, session.folder)


def _open_another(session: Session) -> None:
    with st.container(border=True, key="library.open_card"):
        st.markdown("**Open a zoo**")
        st.button(
            "The demo zoo",
            key="library.demo",
            icon=":material/category:",
            width="stretch",
            on_click=session.open,
            args=(DEMO_ZOO,),
        )
        typed = st.text_input(
            "Folder with a zoo.toml",
            key="library.folder",
            placeholder="/models/my-zoo",
            persist_state="session",
        )
        devices = available_devices()
        if len(devices) > 1:
            session.device = st.selectbox(
                "Device", devices, index=devices.index(session.device or devices[0]), key="library.device"
            )
        if typed:
            folder = typed_path(typed)
            budget = _budget(folder, session)
            st.button(
                "Open",
                key="library.open",
                type="primary",
                width="stretch",
                disabled=budget is None,
                on_click=session.open,
                args=(folder,),
            )
        others = [folder for folder in session.recent() if folder not in (session.folder, DEMO_ZOO)]
        if others:
            st.caption("Opened before")
            for number, folder in enumerate(others):
                st.button(
                    folder.name,
                    key=f"library.recent.{number}",
                    help=str(folder),
                    type="tertiary",
                    icon=":material/history:",
                    on_click=session.open,
                    args=(folder,),
                )


def _budget(folder: Path, session: Session) -> MemoryBudget | None:
    """Say what a zoo will take before it is opened, or why it cannot be."""
    try:
        file = read_zoo_file(folder, roots=settings().roots)
        budget = memory_budget(file, device_named(session.device))
    except (ZooError, CacheError, AnalysisError) as error:
        st.error(str(error), icon=":material/error:")
        return None
    where = "" if budget.on_device else " The task vectors stay in main memory."
    st.caption(
        f"{file.name}: {len(file.tasks)} tasks, {file_size(budget.needed)} in memory; this machine has "
        f"{file_size(budget.available)} free of {file_size(budget.machine)}.{where}"
    )
    return budget


def _zoo(bench: Workbench, folder: Path | None) -> None:
    zoo = bench.zoo
    vectors, layout = zoo.task_vectors, zoo.task_vectors.layout
    with st.container(border=True, key="library.zoo_card"):
        st.subheader(zoo.file.name)
        st.caption(str(folder or zoo.file.folder))
        changed = sum(
            parameter.n_weights
            for parameter, moved in zip(layout.parameters, vectors.changed, strict=True)
            if moved
        )
        with st.container(horizontal=True, gap="medium"):
            st.metric("Tasks", vectors.n_tasks)
            st.metric("Weights", _count(layout.n_weights), help=f"{count(layout.n_weights)} floats")
            st.metric(
                "Moved by some task",
                percent(changed / layout.n_weights),
                help="Weights in tensors that at least one fine-tuned model changed",
            )
            st.metric("Residual blocks", max(layout.depths.values(), default=0))
            st.metric("In memory", file_size(memory_needed(vectors.n_tasks, layout.n_weights)))
            st.metric("Device", bench.device.type.upper())
        for warning in zoo.plausibility.warnings:
            st.warning(warning, icon=":material/warning:")
        st.dataframe(
            _checkpoints(bench),
            key="library.checkpoints",
            hide_index=True,
            column_config=_columns(),
            placeholder="–",
            alt="The checkpoints of the open zoo",
        )
        st.caption(_details(bench))


def _checkpoints(bench: Workbench) -> list[dict[str, Any]]:
    sets, entries = bench.setup.eval_sets, {entry.name: entry for entry in bench.zoo.file.evaluated}
    return [
        {
            "name": facts.name,
            "relative": None if facts.relative_norm is None else 100 * facts.relative_norm,
            "classes": len(bench.setup.heads[facts.name]) if facts.name in bench.setup.heads else None,
            "val": len(sets["val"][facts.name]) if facts.name in sets["val"] else None,
            "test": len(sets["test"][facts.name]) if facts.name in sets["test"] else None,
            "format": facts.format,
            "dtypes": facts.dtypes,
            "size": facts.n_bytes / 1e6,
            "file": facts.path.name,
            "digest": facts.digest[:12],
        }
        for facts in bench.zoo.checkpoints
        if facts.name in entries or facts.name == "base"
    ]


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "name": column.TextColumn("Model"),
        "relative": column.NumberColumn(
            "‖τ‖ / ‖θ₀‖",
            format="%.1f %%",
            help="Size of the update against the base, over weights some task moved",
        ),
        "classes": column.NumberColumn("Classes"),
        "val": column.NumberColumn("Validation"),
        "test": column.NumberColumn("Test"),
        "format": column.TextColumn("Format"),
        "dtypes": column.TextColumn("Tensors"),
        "size": column.NumberColumn("MB", format="%.1f"),
        "file": column.TextColumn("File"),
        "digest": column.TextColumn("Fingerprint", help="First digits of the SHA-256 of the file"),
    }


def _details(bench: Workbench) -> str:
    said, encoder = [], bench.setup.encoder
    if encoder is None:
        said.append("No [encoder] in zoo.toml: diagnosis and merging work, accuracy does not.")
    else:
        height, width = encoder.image_size
        gelu = "QuickGELU" if encoder.quick_gelu else "GELU"
        said.append(
            f"Encoder {encoder.config.name}: {encoder.n_blocks} blocks, {height}×{width} pixels, {gelu}, "
            f"features of width {encoder.embed_dim}, logit scale {encoder.logit_scale:g}."
        )
    if bench.zoo.carried:
        said.append(f"Carried over from the base unmerged, being no floats: {', '.join(bench.zoo.carried)}.")
    if bench.zoo.file.controls:
        said.append(f"Controls: {', '.join(control.name for control in bench.zoo.file.controls)}.")
    return " ".join(said)


def _count(n: int) -> str:
    return f"{n / 1e6:.2f} M" if n >= 1e5 else count(n)


PAGE = Page("Library", section="Zoo", order=10, icon=":material/folder_open:", render=render)
