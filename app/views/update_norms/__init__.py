"""Page: Update norms."""
