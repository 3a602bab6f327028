"""Card: a folder of models that becomes a zoo."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from app.errors import USER_ERRORS
from app.session.session import Session
from app.views.library.building import found_sentence, taken_tasks, task_rows
from app.widgets.drawing import Drawing
from app.widgets.drawn_input import by_hand
from app.widgets.job_progress import job_progress
from app.words.markdown import unformatted
from app.words.plain_text import sentence_of
from app.zoo.building.parts import ZooParts
from app.zoo.building.proposal import Proposal

_BASE = "library.build.base"


def building_card(session: Session, folder: Path) -> None:
    """Draw what the folder holds, and a way to make a zoo of it; it is looked through by the worker."""
    building = session.building
    building.collect()
    drawing = Drawing(building)
    with st.container(border=True, key="library.build_card"):
        st.markdown(f"**Build a zoo from {unformatted(folder.name)}**")
        answer = building.look(folder)
        if answer.value is not None and answer.is_current:
            _draw(session, folder, answer.value)
        elif building.notice is not None:
            st.error(unformatted(building.notice), icon=":material/error:")
        drawing.follow(partial(_progress, session))


def _progress(session: Session) -> None:
    for job in session.building.awaited:
        job_progress(job)


def _draw(session: Session, folder: Path, found: Proposal) -> None:
    if (root := found.files.root) != folder and (root / "zoo.toml").exists():
        st.caption(unformatted(f"Its zoo.toml lies in {root}; open that folder."))
        return
    st.caption(unformatted(found_sentence(found)))
    if found.models:
        base = None if found.parts is None else str(found.parts.base)
        key = f"{_BASE}.{base}"
        st.selectbox(
            "Base",
            found.models,
            index=None if base is None else found.models.index(base),
            placeholder="Which of them were the others fine-tuned from?",
            key=key,
            on_change=by_hand(_BASE, key, base, lambda one: session.building.choose_base(folder, one)),
        )
    if found.parts is None:
        st.info(unformatted(found.reason), icon=":material/help:")
    else:
        _tasks(session, folder, found, found.parts)
    if found.files.aside:
        with st.expander("Left aside", key="library.build.aside"):
            st.dataframe(
                [{"file": file, "why": why} for file, why in found.files.aside.items()], hide_index=True
            )


def _tasks(session: Session, folder: Path, found: Proposal, parts: ZooParts) -> None:
    encoder = parts.encoder or "none found, so the zoo opens with weights only"
    sentences = [
        f"Encoder: {encoder}. Names, heads and images can be edited; images are a folder with one folder per "
        "class, or a file.",
        *parts.notes,
    ]
    st.caption(unformatted(" ".join(sentences)))
    rows = st.data_editor(
        task_rows(found),
        key=f"library.build.tasks.{folder}.{parts.base}",
        hide_index=True,
        disabled=["checkpoint", "note"],
        column_config=_columns(),
    )
    proposed = folder.stem if folder.is_file() else folder.name
    name = st.text_input("Name of the zoo", proposed, key=f"library.build.name.{folder}")
    st.button(
        "Write zoo.toml and open",
        key="library.build.write",
        type="primary",
        disabled=not any(row["take"] for row in rows),
        on_click=_write,
        args=(session, found.files.root, parts, rows, name),
    )


def _columns() -> dict[str, Any]:
    """Widths that leave every column in sight however long the names are; a cell shows its whole text."""
    column = st.column_config
    widths = {"name": 170, "checkpoint": 140, "head": 110, "val": 100, "test": 100}
    texts = {name: column.TextColumn(width=width) for name, width in widths.items()}
    return {"take": column.CheckboxColumn(width=60), **texts}


def _write(session: Session, root: Path, parts: ZooParts, rows: list[dict[str, Any]], name: str) -> None:
    try:
        taken = replace(parts, tasks=taken_tasks(rows, parts.tasks))
        session.building.write(root, taken, name=name.strip() or root.name)
        session.open(root)
    except USER_ERRORS as error:
        session.notice = sentence_of(error)
