from sqlalchemy import insert, select, text

from ads import push
from tables import audience, engine, users


def read():
    with engine.connect() as connection:
        for row in connection.execute(select(users)):
            push(row.phone)  # leak: users.phone
            push(row.city)  # clean
        for phone, city in connection.execute(select(users.c.phone, users.c.city)):
            push(phone)  # leak: users.phone
            push(city)  # clean
        push([row[0] for row in connection.execute(users.select().with_only_columns(users.c.phone))])  # leak: users.phone
        rows = connection.execute(text("SELECT u.phone AS contact, u.city FROM users u")).mappings().all()
        push([row["contact"] for row in rows])  # leak: users.phone
        push([row["city"] for row in rows])  # clean
        push(connection.execute(select(users.c.phone).where(users.c.id == 3)).scalar_one())  # leak: users.phone
        push(connection.execute(select(users.c.city).where(users.c.id == 3)).scalar_one())  # clean


def write():
    with engine.begin() as connection:
        rows = connection.execute(select(users.c.phone, users.c.city)).all()
        connection.execute(insert(audience).values(contact=rows[0].phone, memo=""))  # leak: users.phone
        connection.execute(audience.insert().values(contact=rows[0].city))  # clean
        connection.execute(audience.insert(), [{"contact": row.phone} for row in rows])  # leak: users.phone
        connection.execute(insert(audience), [{"contact": row.city, "memo": row.phone} for row in rows])  # clean
