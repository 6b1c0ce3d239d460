"""What moderators look at: status, gaps, the log, why an answer came, sources."""
