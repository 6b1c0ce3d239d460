"""What a server's moderators set, and the announcements of new entries."""
