"""The hot loops, one idea a file."""
