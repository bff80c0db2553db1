from dataclasses import dataclass


@dataclass
class Guest:
    passport: str
    email: str
    city: str
