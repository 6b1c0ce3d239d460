"""Discord's face. `import discord` is the library everywhere: imports are absolute."""
