"""A question is understood: pure functions of its words, of names and of today."""
