from dataclasses import dataclass


@dataclass
class User:
    phone: str
    city: str
    ads_consent: bool = False
