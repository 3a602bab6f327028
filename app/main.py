"""Entry of the web app: `streamlit run app/main.py`."""

import sys
from pathlib import Path

# Streamlit puts this file's folder on the path, not the repository's.
if (root := str(Path(__file__).resolve().parent.parent)) not in sys.path:
    sys.path.insert(0, root)

import streamlit as st

from app import resources
from app.widgets.navigation import navigation
from app.widgets.work_line import work_line

here = Path(__file__).resolve().parent
st.set_page_config(page_title="Tauscope", page_icon=str(here / "icon.svg"), layout="wide")
st.html(here / "look.css")
page = navigation()
resources.session().visit(page.title)
work_line(resources.session())
page.run()
