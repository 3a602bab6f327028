"""TALL masks: which weights each task needs back from the multi-task vector."""
