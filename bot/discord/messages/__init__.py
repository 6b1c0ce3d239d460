"""Lines of messages that several features show. Pure: nothing here knows Discord's client."""
