import sqlite3

from ads import push

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, phone TEXT, city TEXT);
CREATE TABLE IF NOT EXISTS exports (contact TEXT, place TEXT);
"""


class Repository:
    def __init__(self, path):
        self.connection = sqlite3.connect(path)
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript(SCHEMA)

    def add(self, phone, city):
        with self.connection:
            self.connection.execute("INSERT INTO users (phone, city) VALUES (?, ?)", (phone, city))

    def phones(self):
        return [row["phone"] for row in self.connection.execute("SELECT phone, city FROM users")]

    def cities(self):
        return [row["city"] for row in self.connection.execute("SELECT phone, city FROM users")]

    def by_position(self):
        for _, phone, city in self.connection.execute("SELECT * FROM users").fetchall():
            push(phone)  # leak: users.phone
            push(city)  # clean

    def copied(self):
        self.connection.execute("INSERT INTO exports (contact, place) SELECT u.phone, u.city FROM users AS u")
        for contact, place in self.connection.execute("SELECT contact, place FROM exports"):
            push(contact)  # leak: users.phone
            push(place)  # clean

    def joined(self):
        sql = """
            WITH recent AS (SELECT id, phone AS contact, city FROM users WHERE id > :low)
            SELECT r.contact, r.city, count(*) AS n FROM recent r JOIN exports e ON e.place = r.city GROUP BY 1, 2
        """
        cursor = self.connection.cursor()
        cursor.execute(sql, {"low": 3})
        for row in cursor:
            push(row[0])  # leak: users.phone
            push(row["city"])  # clean
            push(row["n"])  # clean


def nightly():
    repository = Repository("users.db")
    push(repository.phones())  # leak: users.phone
    push(repository.cities())  # clean
