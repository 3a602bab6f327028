"""How task vectors are combined into one: one merging method per file, found by the registry."""
