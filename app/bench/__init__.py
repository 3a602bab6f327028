"""What is measured on an open zoo, and what is remembered of it."""
