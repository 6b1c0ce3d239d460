"""The only writer: collects, identifies, plans, commits and indexes what has changed."""
