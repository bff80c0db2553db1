from dataclasses import dataclass, field


@dataclass
class Preferences:
    ads: bool = False
    news: bool = False


@dataclass
class Account:
    phone: str  # flowcheck: security-collected
    city: str
    preferences: Preferences = field(default_factory=Preferences)
