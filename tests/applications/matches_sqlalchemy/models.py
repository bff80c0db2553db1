from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    phone = Column(String, info={"collected_for": "security"})
    city = Column(String)


class Upload(Base):
    __tablename__ = "uploads"
    id = Column(Integer, primary_key=True)
    number = Column(String, info={"supplied_for": "advertising"})
    place = Column(String)
