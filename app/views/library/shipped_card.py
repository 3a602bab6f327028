"""Card: results that came with the open zoo, and the way to measure them here."""

import streamlit as st

from app.session.session import Session
from app.views.library.shipped import shipped_sentence
from app.words.markdown import unformatted
from cache.shipped import FILE


def shipped_card(session: Session) -> None:
    """Draw what came with the zoo, with a button that leaves it aside, or takes it again."""
    if session.lab is None or not (session.lab.bench.zoo.file.folder / FILE).is_file():
        return
    is_taken = session.takes_shipped
    with st.container(border=True, key="library.shipped_card"):
        st.markdown("**Measured before**")
        st.caption(unformatted(shipped_sentence(session.lab.bench.history.shipped, is_taken=is_taken)))
        if session.may_measure_again:
            st.button(
                "Measure again here" if is_taken else "Use what came with the zoo",
                key=f"library.shipped.{is_taken}",
                icon=":material/replay:",
                on_click=lambda: session.measure_again(again=is_taken),
                disabled=session.opening is not None,
            )
