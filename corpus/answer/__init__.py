"""A query is answered: pipeline reads from top to bottom; fallbacks and spelling_fallback call it."""
