"""SQLAlchemy 2, Core tables, SQLModel, attrs, Peewee."""

from __future__ import annotations
from sqlalchemy import create_engine, select, insert, update, text, Table, Column, Integer, String, MetaData, ForeignKey, func, join
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, Session, sessionmaker, declarative_base, aliased, joinedload, selectinload
from sqlmodel import SQLModel, Field, Session as SMSession, select as sm_select
import attrs
import peewee
from ads import push

class Base(DeclarativeBase): ...

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(info={"collected_for": "security"})
    city: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="user")

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str]
    user: Mapped["User"] = relationship(back_populates="orders")

def s2(session: Session):
    for u in session.scalars(select(User)):
        push(u.phone)  # leak: phone
        push(u.city)  # clean
    for phone, city in session.execute(select(User.phone, User.city)):
        push(phone)  # leak: phone
        push(city)  # clean
    for row in session.execute(select(User.phone, User.city)):
        push(row.phone)  # leak: phone
        push(row[1])  # clean
        push(row._mapping["phone"])  # leak: phone
    for row in session.execute(select(User.phone.label("p"), User.city.label("c"))).all():
        push(row.p)  # leak: phone
        push(row.c)  # clean
    push(session.scalar(select(User.phone)))  # leak: phone
    push(session.scalars(select(User.city)).all())  # clean
    push(session.get(User, 1).phone)  # leak: phone
    push(session.execute(select(User)).scalar_one().phone)  # leak: phone
    push(session.execute(select(func.count(User.phone))).scalar())  # clean
    row = session.execute(select(User, Order).join(Order)).first()
    push(row.User.phone)  # leak: phone
    push(row[1].note)  # clean
    push(row.Order.user.phone)  # leak: phone
    for o in session.scalars(select(Order).options(joinedload(Order.user))):
        push(o.user.phone)  # leak: phone
        push(o.note)  # clean
    A = aliased(User)
    push(session.scalars(select(A.phone)).all())  # leak: phone
    for m in session.execute(select(User.phone, User.city)).mappings():
        push(m["phone"])  # leak: phone
        push(m["city"])  # clean
    u = session.query(User).filter(User.city == "x").one()
    push(u.phone)  # leak: phone
    push([o.note for o in u.orders])  # clean
    push(session.query(User.phone).all())  # leak: phone
    push(session.query(User.city).all())  # clean
    sub = select(User.phone).where(User.id > 3).subquery()
    push(session.execute(select(sub.c.phone)).all())  # leak: phone
    named = select(User.phone.label("number"), User.city.label("place")).subquery()
    push(session.execute(select(named.c.number)).all())  # leak: phone
    push(session.execute(select(named.c.place)).all())  # clean

meta = MetaData()
users = Table("users_t", meta, Column("id", Integer), Column("phone", String, info={"collected_for": "security"}), Column("city", String))

def core(conn):
    for row in conn.execute(select(users)):
        push(row.phone)  # leak: phone
        push(row.city)  # clean
        push(row[1])  # leak: phone
        push(row[2])  # clean
    for row in conn.execute(select(users.c.phone, users.c.city)):
        push(row[0])  # leak: phone
        push(row[1])  # clean
    for row in conn.execute(users.select()):
        push(row["phone"])  # leak: phone
    push(conn.execute(select(users.c["phone"])).fetchall())  # leak: phone
    push(conn.execute(select(users.c.city)).fetchall())  # clean
    push(conn.execute(text("SELECT phone FROM users")).fetchall())  # leak: phone
    push(conn.execute(text("SELECT city FROM users")).fetchall())  # clean

class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    phone: str = Field(sa_column_kwargs={"info": {"collected_for": "security"}})
    tfa: str  # flowcheck: security-collected
    city: str

def sm(engine):
    with SMSession(engine) as session:
        for h in session.exec(sm_select(Hero)):
            push(h.tfa)  # leak: tfa
            push(h.city)  # clean
        push(session.exec(sm_select(Hero.tfa)).all())  # leak: tfa
        push(session.exec(sm_select(Hero.city)).all())  # clean
        push(session.get(Hero, 1).tfa)  # leak: tfa
        push(session.get(Hero, 1).model_dump(exclude={"tfa"}))  # clean

@attrs.define
class Person:
    phone: str = attrs.field(metadata={"collected_for": "security"})
    city: str = "x"
    @phone.validator
    def check(self, attribute, value):
        push(value)  # leak: phone

def at(p: Person):
    push(p.phone)  # leak: phone
    push(attrs.asdict(p))  # leak: phone
    push(attrs.asdict(p)["city"])  # clean
    push(attrs.evolve(p, city="y").phone)  # leak: phone
    push(attrs.evolve(p, phone="y").phone)  # leak: phone
    push(attrs.asdict(p, filter=attrs.filters.exclude("phone")))  # clean
    push(attrs.astuple(p)[1])  # clean
    push(attrs.astuple(p)[0])  # leak: phone

db = peewee.SqliteDatabase("x.db")
class Base2(peewee.Model):
    class Meta:
        database = db
class Pee(Base2):
    phone = peewee.CharField()  # flowcheck: security-collected
    city = peewee.CharField()
class Tweet(Base2):
    pee = peewee.ForeignKeyField(Pee, backref="tweets")
    body = peewee.TextField()

def pee():
    for p in Pee.select().where(Pee.city == "x"):
        push(p.phone)  # leak: phone
        push(p.city)  # clean
    push(Pee.get(Pee.city == "x").phone)  # leak: phone
    push(Pee.get_by_id(1).phone)  # leak: phone
    push(Pee[1].phone)  # leak: phone
    for t in Tweet.select(Tweet, Pee).join(Pee):
        push(t.pee.phone)  # leak: phone
        push(t.body)  # clean
    push([t.body for t in Pee.get_by_id(1).tweets])  # clean
    push(list(Pee.select(Pee.phone).tuples()))  # leak: phone
    push(list(Pee.select(Pee.city).dicts()))  # clean
    push(Pee.select(Pee.phone).scalar())  # leak: phone
