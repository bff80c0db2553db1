from sqlalchemy import select

from ads import push
from tables import engine, users


def items():
    with engine.connect() as connection:
        for (phone,) in connection.execute(select(users.c["phone"])):
            push(phone)  # leak: phone
        for (city,) in connection.execute(select(users.c["city"])):
            push(city)  # clean
        for row in connection.execute(select(users.c["phone", "city"])):
            push(row[0])  # leak: phone
            push(row[1])  # clean
            push(row.phone)  # leak: phone
            push(row.city)  # clean
        for row in connection.execute(select(users.columns["phone"], users.columns.city)):
            push(row.phone)  # leak: phone
            push(row[1])  # clean
        push(connection.execute(select(users.c["city"]).where(users.c["phone"] == "1")).scalars().all())  # clean
        for row in connection.execute(select(users)).mappings():
            push(row[users.c["phone"]])  # leak: phone
            push(row[users.c.city])  # clean
        push([row._mapping["phone"] for row in connection.execute(select(users))])  # leak: phone
        push([row._mapping["city"] for row in connection.execute(select(users))])  # clean
        push([row._asdict()["phone"] for row in connection.execute(select(users))])  # leak: phone
