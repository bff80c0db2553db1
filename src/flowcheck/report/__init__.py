"""From flows to findings, and from findings to what people and tools read."""
