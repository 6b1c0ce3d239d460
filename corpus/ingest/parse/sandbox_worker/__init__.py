"""A program of its own that takes foreign documents apart: it imports nothing of ours."""
