"""How task vectors are combined into one: a method a file, found by the registry."""
