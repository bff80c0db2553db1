"""What differs between installations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Identifiers of the company's accounts at its partners."""

    meta_pixel: str = "1001"
    meta_audience: str = "2002"
    google_customer: str = "3003"
    tiktok_token: str = "token"
    tiktok_pixel: str = "C4AD"
    pinterest_account: str = "5005"
    exchange_url: str = "https://exchange.example/bid"
