from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import backref, relationship, scoped_session, sessionmaker

engine = create_engine("sqlite://")
Session = scoped_session(sessionmaker(bind=engine))
Base = declarative_base()
Base.query = Session.query_property()


class Firm(Base):
    __tablename__ = "firms"
    id = Column(Integer, primary_key=True)
    name = Column(String)


class Driver(Base):
    __tablename__ = "drivers"
    id = Column(Integer, primary_key=True)
    phone = Column(String, info={"collected_for": "security"})
    city = Column(String)
    firm_id = Column(Integer, ForeignKey("firms.id"))
    firm = relationship("Firm", backref=backref("drivers", lazy="dynamic"))

    @hybrid_property
    def contact(self):
        return self.phone

    @property
    def place(self):
        return self.city.title()
