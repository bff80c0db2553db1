from sqlalchemy import Column, Integer, MetaData, String, Table, exists, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str]  # flowcheck: security-collected
    city: Mapped[str]


class Upload(Base):
    __tablename__ = "uploads"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]  # flowcheck: supplied-for=advertising
    place: Mapped[str]
