"""Numbers, layers, differences, recipes and formulas in writing."""
