"""Page: Measured interference."""
