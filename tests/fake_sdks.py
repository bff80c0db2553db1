"""Stand-ins for the vendors' packages that the example imports: they keep what they are given.

with fake_sdks() as delivered:
    nightly.run(app)
delivered.of("add_users")    # the arguments of each call
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType


@dataclass
class Delivered:
    """The calls that reached a vendor, in order."""

    calls: list[tuple[str, object]] = field(default_factory=list)

    def of(self, name: str) -> list[object]:
        """What was handed to the calls of one name."""
        return [arguments for called, arguments in self.calls if called == name]


class Record:
    """A vendor's data object: holds whatever it is made with or given later."""

    def __init__(self, *values: object, **named: object) -> None:
        self.values = values
        self.__dict__.update(named)

    def __repr__(self) -> str:
        return f"Record({self.__dict__})"


class Identifiers(Record):
    """An operation of the Google client, whose parts exist before they are filled."""

    def __init__(self) -> None:
        super().__init__(create=Record(user_identifiers=[]))


@contextmanager
def fake_sdks() -> Iterator[Delivered]:
    """Have the vendors' packages importable, and keep what they are given."""
    delivered = Delivered()
    before = dict(sys.modules)
    for name, content in packages(delivered).items():
        install(name, content)
    try:
        yield delivered
    finally:
        for name in sys.modules.keys() - before.keys():
            del sys.modules[name]


def install(name: str, content: dict[str, object]) -> None:
    """Enter a module, and the packages above it, in sys.modules."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:length]), ModuleType(".".join(parts[:length])))
    sys.modules[name].__dict__.update(content)
    for length in range(1, len(parts)):
        setattr(sys.modules[".".join(parts[:length])], parts[length], sys.modules[".".join(parts[: length + 1])])


def packages(delivered: Delivered) -> dict[str, dict[str, object]]:
    """Module names and what each holds."""
    serverside = "facebook_business.adobjects.serverside"
    tiktok = "business_api_client.models"
    return {
        "facebook_business.adobjects.customaudience": {"CustomAudience": custom_audience(delivered)},
        f"{serverside}.custom_data": {"CustomData": Record},
        f"{serverside}.event": {"Event": Record},
        f"{serverside}.user_data": {"UserData": Record},
        f"{serverside}.event_request": {"EventRequest": event_request(delivered)},
        "google.ads.googleads.client": {"GoogleAdsClient": google_client(delivered)},
        "business_api_client.api.event_callback_api": {"EventCallbackApi": event_callback_api(delivered)},
        f"{tiktok}.pixel_context": {"PixelContext": Record},
        f"{tiktok}.pixel_context_user": {"PixelContextUser": Record},
        f"{tiktok}.pixel_track_body": {"PixelTrackBody": Record},
        "pinterest.ads.customer_lists": {"CustomerList": customer_list(delivered)},
        "segment": {"analytics": analytics(delivered)},
    }


def custom_audience(delivered: Delivered) -> type:
    class CustomAudience(Record):
        class Schema:
            phone_hash = "PHONE_SHA256"

        def add_users(self, schema: str, users: list[str]) -> None:
            delivered.calls.append(("add_users", (schema, users)))

    return CustomAudience


def event_request(delivered: Delivered) -> type:
    class EventRequest(Record):
        def execute(self) -> None:
            delivered.calls.append(("execute", self))

    return EventRequest


def google_client(delivered: Delivered) -> type:
    class UserDataService:
        def upload_user_data(self, request: dict[str, object]) -> None:
            delivered.calls.append(("upload_user_data", request))

    class GoogleAdsClient:
        @classmethod
        def load_from_storage(cls) -> GoogleAdsClient:
            return cls()

        def get_service(self, name: str) -> UserDataService:
            assert name == "UserDataService"
            return UserDataService()

        def get_type(self, name: str) -> Record:
            return Identifiers() if name == "UserDataOperation" else Record()

    return GoogleAdsClient


def event_callback_api(delivered: Delivered) -> type:
    class EventCallbackApi:
        def pixel_track(self, token: str, *, body: Record) -> None:
            delivered.calls.append(("pixel_track", (token, body)))

    return EventCallbackApi


def customer_list(delivered: Delivered) -> type:
    class CustomerList:
        @classmethod
        def create(cls, **fields: object) -> None:
            delivered.calls.append(("create", fields))

    return CustomerList


def analytics(delivered: Delivered) -> object:
    class Analytics:
        @staticmethod
        def identify(user_id: str, traits: dict[str, object]) -> None:
            delivered.calls.append(("identify", (user_id, traits)))

        @staticmethod
        def track(user_id: str, event: str, properties: dict[str, object]) -> None:
            delivered.calls.append(("track", (user_id, event, properties)))

    return Analytics
