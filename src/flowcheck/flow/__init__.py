"""The abstract interpreter: where marked data goes, through calls, objects and containers."""
