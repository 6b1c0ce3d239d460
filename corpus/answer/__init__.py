"""A question goes through: filters, search, coverage, select, compose, related."""
