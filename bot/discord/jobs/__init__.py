"""Changes of the corpus as child processes: previewed, confirmed, run, shown on a card. No job knows a feature."""
