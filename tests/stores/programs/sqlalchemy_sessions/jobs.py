from sqlalchemy import select, text
from models import User, Note
def sync_audience(rows):  # flowcheck: advertising
    return rows
def a(session):
    sync_audience(session.query(User).filter(User.city == "x").all()[0].phone) # leak
    sync_audience(session.query(User).filter_by(city="x").first().city) # clean
    sync_audience(session.query(User.phone).all()) # leak
    sync_audience(session.query(User.city).all()) # clean
    sync_audience(session.execute(select(User.phone)).scalars().all()) # leak
    sync_audience(session.execute(select(User.city)).scalars().all()) # clean
    for phone, city in session.execute(select(User.phone, User.city)):
        sync_audience(phone) # leak
        sync_audience(city) # clean
    sync_audience([u.phone for u in session.scalars(select(User).where(User.city == "x"))]) # leak
    sync_audience([u.city for u in session.scalars(select(User).where(User.city == "x"))]) # clean
    sync_audience(session.get(User, 1).phone) # leak
    for row in session.execute(select(User)):
        sync_audience(row.User.phone) # leak
        sync_audience(row[0].city) # clean
    sync_audience(session.execute(text("SELECT phone FROM users")).scalars().all()) # leak
    sync_audience(session.execute(text("SELECT city FROM users")).scalars().all()) # clean
    sync_audience(session.query(User.plain).all()) # leak
    sync_audience([row.plain for row in session.execute(select(User.plain, User.city))]) # leak
    sync_audience([row.city for row in session.execute(select(User.plain, User.city))]) # clean
def w(session):
    user = session.get(User, 1)
    note = Note(body=user.phone)
    session.add(note)
    session.commit()
def r(session):
    sync_audience([n.body for n in session.scalars(select(Note))]) # leak
    sync_audience(session.execute(text("SELECT body FROM notes")).fetchall()) # leak
    sync_audience(session.execute(text("SELECT user_id FROM notes")).fetchall()) # clean
    sync_audience(session.get(Note, 1).user.phone) # leak
    sync_audience(session.get(Note, 1).user.city) # clean
    sync_audience([n.body for n in session.get(User, 1).notes]) # leak
def m(session,
    uploaded,  # flowcheck: supplied-for=advertising
    ):
    session.query(User).filter(User.phone.in_(uploaded)).all() # match
    session.query(User).filter(User.city.in_(uploaded)).all() # clean
    session.scalars(select(User).where(User.phone == uploaded[0])) # match
    session.execute(text("SELECT id FROM users WHERE phone IN :phones"), {"phones": tuple(uploaded)}) # match
    session.execute(text("SELECT id FROM users WHERE city IN :phones"), {"phones": tuple(uploaded)}) # clean
