"""How Chirp earns its money."""
