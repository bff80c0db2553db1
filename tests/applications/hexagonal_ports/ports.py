from abc import ABC, abstractmethod
from typing import Protocol

from models import User


class Users(Protocol):
    def all(self) -> list[User]: ...


class Channel(ABC):
    @abstractmethod
    def send(self, contact: str) -> None: ...
