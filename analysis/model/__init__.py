"""What the weights of a model are: their names, layers, scope and task vectors."""
