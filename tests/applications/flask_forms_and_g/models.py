"""The people."""

from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    phone = db.Column(db.String(20))  # flowcheck: security-collected
    city = db.Column(db.String(20))
