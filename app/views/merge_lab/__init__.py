"""Page: Merge lab."""
