"""Evaluation images: where they lie, in which files, and what they are called."""
