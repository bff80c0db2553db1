import sqlite3

from models import User


class Users:
    def __init__(self, connection):
        self.connection = connection

    def add(self, user: User):
        self.connection.execute("INSERT INTO members (contact, town) VALUES (?, ?)", (user.phone, user.city))

    def contacts(self):
        return [row[0] for row in self.connection.execute("SELECT contact FROM members")]

    def towns(self):
        return [row[0] for row in self.connection.execute("SELECT town FROM members")]


class UnitOfWork:
    def __enter__(self):
        self.connection = sqlite3.connect("members.db")
        self.users = Users(self.connection)
        return self

    def __exit__(self, kind, error, trace):
        self.connection.commit()
        self.connection.close()
