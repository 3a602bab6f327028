"""One visitor: the open zoo, the recipe, the selection and the requests."""
