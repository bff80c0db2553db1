"""The code base: modules by name, facts on demand."""
