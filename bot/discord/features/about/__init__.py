"""What the bot is, and what it keeps of people."""
