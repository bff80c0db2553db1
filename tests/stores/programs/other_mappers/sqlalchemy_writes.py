import adtech
from sqlalchemy import Table, Column, MetaData, String, insert, update, select, delete
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
metadata = MetaData()
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    phone: Mapped[str] = mapped_column(String)  # flowcheck: security-collected
    city: Mapped[str] = mapped_column(String)
    note: Mapped[str] = mapped_column(String)
class Audience(Base):
    __tablename__ = "ad_audience"
    phone: Mapped[str] = mapped_column(String)
    memo: Mapped[str] = mapped_column(String)
def a(session, conn):
    user = session.get(User, 1)
    session.execute(insert(Audience).values(phone=user.phone, memo="")) # leak
    session.execute(insert(Audience).values(phone="", memo=user.phone))
    session.execute(update(User).where(User.city == "x").values(note=user.phone))
    session.add(Audience(phone=user.phone)) # leak
def b(session):
    adtech.push(session.query(User.note).all()) # leak
    adtech.push(session.query(User.city).all())
    adtech.push(session.scalars(select(User.note)).all()) # leak
