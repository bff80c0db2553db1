import adtech
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
class Account(db.Model):
    phone = db.Column(db.String(20))  # flowcheck: security-collected
    city = db.Column(db.String(20))
def a():
    adtech.push(Account.query.filter_by(city="x").first().phone) # leak
    adtech.push(Account.query.get(1).city)
    adtech.push([x.phone for x in Account.query.all()]) # leak
    adtech.push([x.phone for x in db.session.query(Account).filter(Account.city == "x")]) # leak
    adtech.push(db.session.execute(db.select(Account.phone)).scalars().all()) # leak
    adtech.push([x.city for x in db.session.scalars(db.select(Account))])
    adtech.push([x.phone for x in db.session.scalars(db.select(Account))]) # leak
