"""Page: Sign conflicts."""
