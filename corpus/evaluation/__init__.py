"""Questions with known answers → figures: what is found, what is quoted, what is refused, and how fast."""
