"""The record in SQLite: entries, the history of runs, and what is remembered of sources."""
