"""The weights of a model: their names, layers, scope and task vectors."""
