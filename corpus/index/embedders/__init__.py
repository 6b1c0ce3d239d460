"""Texts become vectors, on the scale of the built-in model."""
