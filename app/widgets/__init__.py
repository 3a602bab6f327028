"""Inputs that several pages share."""
