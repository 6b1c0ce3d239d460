"""The web, read safely and politely: bytes come in, or a reason why not."""
