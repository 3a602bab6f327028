"""Memory on disk: checkpoints, blobs and the results store. No algorithm, no screen."""
