"""An article comes in: sources list it, fetch gets it, parse reads it, update writes it."""
