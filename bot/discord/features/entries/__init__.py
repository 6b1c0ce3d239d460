"""Members browse entries and the timeline."""
