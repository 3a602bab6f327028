"""Versions of Tauscope and of the libraries that make its numbers."""

from importlib.metadata import version

from app.settings import VERSION

_LIBRARIES = ("torch", "open_clip_torch", "numpy", "numba", "safetensors", "duckdb", "streamlit", "plotly")


def versions() -> list[dict[str, str]]:
    """Name and version of each, Tauscope first."""
    return [
        {"name": "Tauscope", "version": VERSION},
        *({"name": name, "version": version(name)} for name in _LIBRARIES),
    ]
