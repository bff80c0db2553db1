from dataclasses import dataclass

LAST = ""  # flowcheck: advertising
ROWS = []  # flowcheck: advertising
BY = {}  # flowcheck: used-for=advertising
OTHER = []


@dataclass
class User:
    phone: str  # flowcheck: security-collected


@dataclass
class Campaign:
    audience: list  # flowcheck: advertising
    memo: str


def f(user: User, campaign: Campaign):
    global LAST
    LAST = user.phone  # leak: User.phone
    ROWS.append(user.phone)  # leak: User.phone
    ROWS[0] = user.phone  # leak: User.phone
    BY["x"] = user.phone  # leak: User.phone
    OTHER.append(user.phone)  # clean
    campaign.audience = [user.phone]  # leak: User.phone
    campaign.memo = user.phone  # clean
    campaign.audience.append(user.phone)  # leak: User.phone
