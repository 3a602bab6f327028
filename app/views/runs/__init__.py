"""Page: Runs."""
