"""Weights, encoder, heads and images of a folder."""
