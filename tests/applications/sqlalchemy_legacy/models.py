from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import relationship

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    phone = Column(String(20), info={"collected_for": "security"})
    city = Column(String(20))
    orders = relationship("Order", back_populates="user")

    @hybrid_property
    def contact(self):
        return self.phone


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(Integer, ForeignKey("users.id"))
    note = Column(String(200))
    user = relationship("User", back_populates="orders")
