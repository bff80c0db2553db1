"""People: who they are, how to reach them, what they agreed to."""
