from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, Session
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(20))  # flowcheck: security-collected
    city: Mapped[str] = mapped_column(String(20))
    plain: Mapped[str]  # flowcheck: security-collected
    notes: Mapped[list["Note"]] = relationship(back_populates="user")
class Note(Base):
    __tablename__ = "notes"
    body: Mapped[str] = mapped_column(String(20))
    user: Mapped["User"] = relationship(back_populates="notes")
