"""What the bot can do, a folder each: cog (gathers, asks, shows), message (pure text)."""
