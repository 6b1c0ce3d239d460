"""The bot's own record of a community, in SQLite: nothing here knows Discord's client."""
