"""From predictions to accuracies, intervals and tests."""
