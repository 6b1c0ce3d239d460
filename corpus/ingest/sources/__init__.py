"""Where entries come from: which are read, when, and what they list."""
