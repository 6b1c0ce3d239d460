"""A query is answered: ask decides which searches are tried, pipeline runs each of them, from top to bottom."""
