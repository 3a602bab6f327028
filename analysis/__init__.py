"""What is computed from weights and predictions: no files, no screen."""
