"""Card: the open zoo and its checkpoints."""

from pathlib import Path
from typing import Any

import streamlit as st

from app.bench.workbench import Workbench
from app.views.library.contents import (
    changed_share,
    checkpoint_rows,
    details,
    short_count,
    unmerged_rows,
)
from app.widgets.navigation import links_to
from app.words.markdown import unformatted
from app.words.numbers import count, file_size, percent
from app.zoo.devices import memory_needed


def contents_card(bench: Workbench, folder: Path | None) -> None:
    """Draw the size of the open zoo, warnings about it, and a table of its checkpoints."""
    zoo = bench.zoo
    vectors, layout = zoo.task_vectors, zoo.task_vectors.layout
    with st.container(border=True, key="library.zoo_card"):
        st.subheader(unformatted(zoo.file.name))
        st.caption(unformatted(str(folder or zoo.file.folder)))
        with st.container(horizontal=True, gap="medium"):
            st.metric("Tasks", vectors.n_tasks)
            st.metric("Weights", short_count(layout.n_weights), help=f"{count(layout.n_weights)} floats")
            st.metric(
                "Changed by a task",
                percent(changed_share(vectors)),
                help="Weights in tensors that at least one fine-tuned model changed",
            )
            st.metric("Residual blocks", max(layout.depths.values(), default=0))
            st.metric("In memory", file_size(memory_needed(vectors.n_tasks, layout.n_weights)))
            st.metric("Device", bench.device.type.upper())
        links_to("Merge lab", "Update norms", "Sign conflicts", "Measured interference")
        for warning in bench.warnings:
            st.warning(unformatted(warning), icon=":material/warning:")
        st.dataframe(
            checkpoint_rows(bench),
            key="library.checkpoints",
            hide_index=True,
            column_config=_columns(),
            placeholder="–",
            alt="The checkpoints of the open zoo",
        )
        st.caption(unformatted(details(bench)))
        if rows := unmerged_rows(bench):
            with st.expander(f"Tensors that are not merged: {count(len(rows))}", key="library.unmerged"):
                st.dataframe(rows, hide_index=True, column_config=_unmerged_columns())


def _unmerged_columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "tensor": column.TextColumn("Tensor", width=210),
        "kind": column.TextColumn("Part of", width=80),
        "shape": column.TextColumn("Shape", width=80),
        "size": column.NumberColumn("kB", format="%.1f", width=60),
        "fate": column.TextColumn("In a merge", width=150),
        "where": column.TextColumn("Who has it"),
    }


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "name": column.TextColumn("Model", width=110),
        "relative": column.NumberColumn(
            "‖τ‖ / ‖θ₀‖",
            format="%.1f %%",
            help="Norm of the task vector relative to the base's, over weights that some task changed",
        ),
        "classes": column.NumberColumn("Classes"),
        "val": column.NumberColumn("Validation"),
        "test": column.NumberColumn("Test"),
        "format": column.TextColumn("Format"),
        "dtypes": column.TextColumn("Tensors"),
        "size": column.NumberColumn("MB", format="%.1f"),
        "file": column.TextColumn("File"),
        "digest": column.TextColumn("Fingerprint", help="First digits of the BLAKE3 of the file"),
    }
