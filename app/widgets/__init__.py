"""Inputs, cards and frames that several pages share."""
