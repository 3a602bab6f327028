"""The way from a recipe to merged weights: engine, scales and the registry of methods."""
