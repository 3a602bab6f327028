"""The hot loops, one idea per file."""
