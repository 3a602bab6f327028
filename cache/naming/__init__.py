"""Names of tensors: what wrappers add, other names for the same weights, and weights with several names."""
