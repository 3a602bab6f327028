"""Pickles read as data: nothing in them is imported, called or run, and only tensors come out."""
