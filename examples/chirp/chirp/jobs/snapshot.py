"""Writes a table of all accounts, for jobs that need more than one look at them."""

from __future__ import annotations

from collections.abc import Iterable

from chirp.accounts.contact import reachable_phone
from chirp.accounts.models import Account
from chirp.warehouse import Row, Warehouse

TABLE = "accounts"


def row_of(account: Account) -> Row:
    """An account as a row of the table."""
    row = {"handle": account.handle, "city": account.city, "plan": account.plan}
    phone = reachable_phone(account)
    if phone:
        row["phone"] = phone
    return row


def take(accounts: Iterable[Account], warehouse: Warehouse) -> None:
    """Replace the table."""
    warehouse.save(TABLE, [row_of(account) for account in accounts])
