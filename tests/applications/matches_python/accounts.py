from dataclasses import dataclass


@dataclass
class User:
    id: int
    phone: str  # flowcheck: security-collected
    recovery_email: str  # flowcheck: security-collected
    city: str
