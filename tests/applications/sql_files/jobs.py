"""Jobs beside the SQL files: what these say of the tables holds for statements in Python, too."""

import psycopg

from ads import upload


def whole_rows(dsn):
    with psycopg.connect(dsn) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT * FROM users")
        upload(cursor.fetchall())  # leak: users.phone, users.backup_phone
        cursor.execute("SELECT id, email FROM users")
        upload(cursor.fetchall())  # clean


def prepared_elsewhere(dsn):
    with psycopg.connect(dsn) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT contact FROM reachable")
        upload(cursor.fetchall())  # leak: users.phone
        cursor.execute("SELECT city FROM reachable")
        upload(cursor.fetchall())  # clean


def written(dsn, user):
    with psycopg.connect(dsn) as connection:
        connection.execute("INSERT INTO ads_audience (contact) SELECT imei FROM devices")  # leak: devices.imei
        connection.execute("INSERT INTO ads_audience (contact) SELECT model FROM devices")  # clean
