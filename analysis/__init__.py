"""Everything computed from weights and predictions: no files, no screen."""
