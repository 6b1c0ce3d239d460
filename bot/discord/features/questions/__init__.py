"""A member's question becomes one message: asked, answered, followed up."""
