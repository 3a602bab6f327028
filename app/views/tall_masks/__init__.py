"""Page: TALL masks."""
