"""How numbers, layers, differences, recipes and formulas are written."""
