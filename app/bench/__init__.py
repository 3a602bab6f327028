"""Measurements on an open zoo, and the memory of them."""
