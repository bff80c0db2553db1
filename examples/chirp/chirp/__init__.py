"""Chirp, a small social network."""
