"""The menu that saves the recipe or the merged weights, and loads a recipe."""

import streamlit as st

from app.bench.export import DTYPES
from app.bench.save_folder import SaveFolder
from app.session.lab import Lab
from app.settings import settings
from app.widgets.look import as_shown
from app.widgets.saved_file import saved_file
from app.words.recipe_text import recipe_from_yaml, recipe_to_yaml

_PAGE = "merge_lab"


def save_menu(lab: Lab) -> None:
    """Draw the menu: the recipe as a file, the merged weights as a file, and a recipe to load."""
    with st.popover("Save", icon=":material/save:"):
        name = f"{lab.recipe.method}-{lab.recipe.digest()[:8]}"
        st.download_button(
            "Recipe as YAML",
            recipe_to_yaml(lab.recipe),
            file_name=f"{name}.yaml",
            key=f"{_PAGE}.yaml",
            icon=":material/description:",
            on_click="ignore",
            width="stretch",
        )
        folder = SaveFolder(settings().save_to)
        file = st.text_input(
            "New file of merged weights, on the machine that runs Tauscope",
            value=f"{name}.safetensors",
            key=f"{_PAGE}.path.{lab.recipe.digest()}",
            help=as_shown(folder.rule),
        )
        dtype = st.selectbox(
            "Number type",
            list(DTYPES),
            key=f"{_PAGE}.dtype",
            help="float32 gives the accuracies shown here; a 16-bit file may change a few predictions",
        )
        st.button(
            "Save weights",
            key=f"{_PAGE}.save",
            icon=":material/save:",
            disabled=lab.saving.job is not None,
            on_click=lambda: lab.save(folder, file, dtype),
            width="stretch",
        )
        saved = lab.saving.answer
        if saved.is_current and saved.value is not None:
            saved_file(saved.value, key=f"{_PAGE}.download")
        recipe = st.file_uploader(
            "Recipe to load", type=["yaml", "yml"], key=f"{_PAGE}.import", max_upload_size=1
        )
        st.button(
            "Load this recipe",
            key=f"{_PAGE}.load",
            disabled=recipe is None,
            on_click=lambda: _load(lab, recipe.getvalue() if recipe else b""),
            width="stretch",
        )


def _load(lab: Lab, text: bytes) -> None:
    lab.take(lambda: recipe_from_yaml(text.decode("utf-8", errors="replace"), tasks=lab.bench.tasks))
