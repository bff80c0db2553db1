from contextlib import contextmanager

from sqlalchemy import create_engine, func, or_
from sqlalchemy.orm import joinedload, sessionmaker

from ads import push
from models import Order, User

Session = sessionmaker(bind=create_engine("sqlite://"))


@contextmanager
def session_scope():
    session = Session()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def nightly():
    with session_scope() as session:
        for user in session.query(User).filter(or_(User.city == "x", User.city == "y")).limit(10):
            push(user.phone)  # leak: User.phone
            push(user.city)  # clean
            push(user.contact)  # leak: User.phone
        rows = session.query(User.phone, User.city).filter(User.id > 3).all()
        push([row.phone for row in rows])  # leak: User.phone
        push([row[1] for row in rows])  # clean
        push([phone for phone, _ in rows])  # leak: User.phone
        push(session.query(func.count(User.id)).scalar())  # clean


def orders(session):
    for order in session.query(Order).options(joinedload(Order.user)):
        push(order.user.phone)  # leak: User.phone
        push(order.user.city)  # clean
    user = session.query(User).get(1)
    push([order.note for order in user.orders])  # clean
    joined = session.query(Order, User).join(User, Order.user_id == User.id).first()
    push(joined[1].phone)  # leak: User.phone
    push(joined.Order.id)  # clean


def labelled(session):
    rows = session.query(User.phone.label("contact"), User.city.label("place")).all()
    push([row.contact for row in rows])  # leak: User.phone
    push([row.place for row in rows])  # clean
