"""What members and moderators meet: a cog gathers, asks, shows. A cog never imports a cog."""
