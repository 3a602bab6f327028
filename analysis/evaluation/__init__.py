"""Accuracies, intervals and tests from predictions."""
