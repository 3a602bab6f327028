"""Page: Map."""
