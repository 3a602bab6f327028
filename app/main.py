"""Entry of the web app: `streamlit run app/main.py`."""

import sys
from pathlib import Path

# Streamlit puts this file's folder on the path, not the repository's.
if (root := str(Path(__file__).resolve().parent.parent)) not in sys.path:
    sys.path.insert(0, root)

import streamlit as st

from app.widgets.loading import is_loaded, loading_page
from app.widgets.navigation import navigation

here = Path(__file__).resolve().parent
st.set_page_config(page_title="Tauscope", page_icon=str(here / "icon.svg"), layout="wide")
st.html(here / "look.css")
with st.container(key="address"):
    st.html(here / "address.html", unsafe_allow_javascript=True)
    st.html(here / "theme.html", unsafe_allow_javascript=True)
    st.html(here / "present.html", unsafe_allow_javascript=True)
if not st.get_option("server.address"):
    # Streamlit reads settings from the folder it is started in, and without them it serves every network.
    st.error(
        "Tauscope was started without its settings and shows nothing. Run `python -m app` in its folder."
    )
    st.stop()
page = navigation()
if is_loaded():
    from app.widgets.visit import visit  # loads torch and all that stands on it

    visit(page)
else:
    loading_page()
