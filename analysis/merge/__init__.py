"""From a recipe to merged weights: the engine, the scales and the registry of methods."""
