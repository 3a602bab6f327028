"""Models of a zoo: where they lie, which weights they share with their base, and what they leave out."""
