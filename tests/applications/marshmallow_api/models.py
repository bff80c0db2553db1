from dataclasses import dataclass


@dataclass
class User:
    phone: str  # flowcheck: security-collected
    city: str
