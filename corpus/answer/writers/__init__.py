"""Quotes become the sentences of an answer."""
