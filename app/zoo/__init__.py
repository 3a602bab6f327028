"""From a folder to weights, an encoder, heads and images."""
