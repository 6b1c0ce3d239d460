"""An article becomes searchable: split, embed, lexical, vectors, passages, generation."""
