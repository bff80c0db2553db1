"""The people."""

class User:
    phone: str  # flowcheck: security-collected
    city: str
