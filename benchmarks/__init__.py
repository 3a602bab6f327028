"""Ratios to the memory's own speed, both sides measured in turns in one process."""
