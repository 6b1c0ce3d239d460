"""Moderators change the corpus: additions, removals, refreshes, undo."""
