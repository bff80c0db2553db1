from dataclasses import dataclass


@dataclass
class User:
    id: int
    phone: str  # flowcheck: security-collected
    city: str
