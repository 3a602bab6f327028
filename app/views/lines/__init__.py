"""Page: LiNeS."""
