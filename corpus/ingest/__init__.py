"""An article comes in: sources, parse, plan, refresh."""
