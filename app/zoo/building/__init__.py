"""Building of a zoo from a folder: what lies there, what each part is for, and its zoo.toml."""
