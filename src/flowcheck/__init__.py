"""flowcheck finds privacy leaks in the data flow of Python programs."""

__version__ = "0.1.0"
