"""What is remembered: checkpoints, blobs and the results store. No algorithm, no screen."""
