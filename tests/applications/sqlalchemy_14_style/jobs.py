from sqlalchemy import and_, case, func, literal, or_
from sqlalchemy.orm import aliased, contains_eager, joinedload

from ads import push
from models import Driver, Firm, Session


def queries(pk):
    session = Session()
    driver = session.query(Driver).get(pk)
    push(driver.phone)  # leak: Driver.phone
    push(driver.city)  # clean
    push(driver.contact)  # leak: Driver.phone
    push(driver.place)  # clean
    for driver in session.query(Driver).filter(Driver.city == "x").order_by(Driver.id.desc()):
        push(driver.phone)  # leak: Driver.phone
    for phone, city in session.query(Driver.phone, Driver.city).filter(or_(Driver.id == 1, Driver.city == "x")):
        push(phone)  # leak: Driver.phone
        push(city)  # clean
    for row in session.query(Driver.phone.label("to"), func.lower(Driver.city).label("place")):
        push(row.to)  # leak: Driver.phone
        push(row.place)  # clean
    push(session.query(func.count(Driver.phone)).scalar())  # clean
    push(session.query(func.max(Driver.phone)).scalar())  # leak: Driver.phone
    push(session.query(Driver.phone).all())  # leak: Driver.phone
    push([city for (city,) in session.query(Driver.city)])  # clean
    push(session.query(Driver).filter_by(city="x").one().phone)  # leak: Driver.phone
    push(session.query(Driver).with_entities(Driver.phone).first()[0])  # leak: Driver.phone
    push(session.query(Driver).with_entities(Driver.city).first()[0])  # clean
    push(Driver.query.filter(Driver.id == pk).first().phone)  # leak: Driver.phone
    push(Driver.query.get(pk).city)  # clean
    push(session.query(Driver).count())  # clean
    push(session.query(Driver).filter(Driver.phone.like("+47%")).exists())  # clean


def joins(session):
    for driver, firm in session.query(Driver, Firm).join(Firm, Driver.firm_id == Firm.id):
        push(driver.phone)  # leak: Driver.phone
        push(firm.id)  # clean
    for firm in session.query(Firm).options(joinedload(Firm.drivers)):
        push([driver.phone for driver in firm.drivers])  # leak: Driver.phone
        push([driver.city for driver in firm.drivers])  # clean
        push(firm.drivers.filter_by(city="x").first().phone)  # leak: Driver.phone
    other = aliased(Driver)
    for phone, city in session.query(other.phone, other.city):
        push(phone)  # leak: Driver.phone
        push(city)  # clean
    inner = session.query(Driver.phone, Driver.city).subquery()
    for phone, city in session.query(inner.c.phone, inner.c.city):
        push(phone)  # leak: Driver.phone
        push(city)  # clean
    both = session.query(Driver.phone).union(session.query(Driver.city))
    push(both.all())  # leak: Driver.phone
    chosen = session.query(case([(Driver.id > 3, Driver.phone)], else_=literal("")))
    push(chosen.all())  # leak: Driver.phone


def writes(session):
    driver = Driver(phone="1", city="x")
    session.add(driver)
    session.commit()
    push(driver.phone)  # leak: Driver.phone
    session.query(Firm).filter(and_(Firm.id == 1)).update({"name": driver.phone})
    push(session.query(Firm).first().name)  # leak: Driver.phone


def core(connection):
    for row in connection.execute(Driver.__table__.select()):
        push(row.phone)  # leak: Driver.phone
        push(row.city)  # clean
    for row in connection.execute("SELECT phone, city FROM drivers"):
        push(row["phone"])  # leak: Driver.phone
        push(row[1])  # clean
