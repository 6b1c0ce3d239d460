"""The terminal's face: the command `footnote`. console.py alone prints."""
