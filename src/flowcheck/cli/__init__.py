"""The command line: thin, and quick to say its version and its help."""
