"""Merging methods, one per file, found by the registry."""
