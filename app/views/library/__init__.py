"""Page: Library."""
