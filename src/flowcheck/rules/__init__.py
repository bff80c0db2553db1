"""Rules: the records, the small languages they are written in, and their loading."""
