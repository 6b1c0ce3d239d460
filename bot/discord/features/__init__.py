"""What members and moderators meet, one folder a feature: a cog gathers, asks, shows; message.py is pure text."""
