"""Rates of false claims: how often a page's sentence claims an effect where there is none."""
