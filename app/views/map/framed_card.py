"""Pictures inside a frame drawn on the Map, with the answers of two models."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from app.views.map.framed import MOST, FramedImage, framed_sentence
from app.views.map.images_figure import as_address


def framed_pictures(found: Sequence[FramedImage], ends: tuple[str, str]) -> None:
    """Draw the images of a frame, each with its class and whether either model answers rightly.

    Args:
        found: Inside the frame.
        ends: Models whose answers stand below each picture.
    """
    st.markdown(framed_sentence(found, ends))
    if found:
        st.html(f'<div class="tauscope-pictures">{"".join(map(_picture, found[:MOST]))}</div>')


def _picture(image: FramedImage) -> str:
    answers = " → ".join(
        f'<i class="{_WORDS[right]}">{_WORDS[right]}</i>' for right in (image.before, image.after)
    )
    name = escape(image.name)
    kind = ' class="flipped"' if image.is_flipped else ""
    return (
        f'<figure{kind}><img src="{as_address(image.pixels)}" alt="{name}">'
        f"<figcaption><b>{name}</b><span>{answers}</span></figcaption></figure>"
    )


_WORDS = {True: "right", False: "wrong"}
