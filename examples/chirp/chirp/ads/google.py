"""Google: customer lists from the warehouse's rows."""

from __future__ import annotations

from typing import Any

from google.ads.googleads.client import GoogleAdsClient

from chirp.identity import fingerprint
from chirp.settings import Settings
from chirp.warehouse import Row


class GoogleAds:
    """Uploads customers by the digest of their phone number."""

    def __init__(self, settings: Settings) -> None:
        self._client = GoogleAdsClient.load_from_storage()
        self._customer = settings.google_customer

    def upload(self, rows: list[Row]) -> None:
        """Add the people in the rows to the customer list."""
        operations = [self._operation(row) for row in rows if "phone" in row]
        service = self._client.get_service("UserDataService")
        service.upload_user_data(request={"customer_id": self._customer, "operations": operations})

    def _operation(self, row: Row) -> Any:
        identifier = self._client.get_type("UserIdentifier")
        identifier.hashed_phone_number = fingerprint(row["phone"])
        operation = self._client.get_type("UserDataOperation")
        operation.create.user_identifiers.append(identifier)
        return operation
