"""The faces of the corpus: the terminal, and Discord."""
