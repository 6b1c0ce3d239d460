"""Vectors are kept, and the nearest found."""
