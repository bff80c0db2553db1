import psycopg2
from psycopg2.extras import DictCursor, RealDictCursor, execute_values

from ads import push


def rows(dsn):
    with psycopg2.connect(dsn) as connection:
        with connection.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute("SELECT u.phone, u.city, o.total FROM users u LEFT JOIN orders o ON o.user_id = u.id")
            for row in cursor.fetchall():
                push(row["phone"])  # leak: users.phone
                push(row["city"])  # clean
                push(row["total"])  # clean
        with connection.cursor(cursor_factory=DictCursor) as cursor:
            cursor.execute("SELECT coalesce(phone, '') AS contact, upper(city) FROM users WHERE id = %s", (3,))
            row = cursor.fetchone()
            push(row["contact"])  # leak: users.phone
            push(row[1])  # clean


def copy(dsn):
    connection = psycopg2.connect(dsn)
    cursor = connection.cursor()
    cursor.execute("SELECT phone, city FROM users")
    found = cursor.fetchmany(100)
    execute_values(cursor, "INSERT INTO partner_feed (contact, place) VALUES %s", found)
    cursor.execute("SELECT contact FROM partner_feed")
    push(cursor.fetchall())  # leak: users.phone


def aggregates(cursor):
    cursor.execute("SELECT city, count(phone) FROM users GROUP BY city HAVING count(*) > 50")
    push(cursor.fetchall())  # clean
    cursor.execute("SELECT DISTINCT city FROM users WHERE phone IS NOT NULL")
    push(cursor.fetchall())  # clean
    cursor.execute("SELECT encode(digest(phone, 'sha256'), 'hex') FROM users")
    push(cursor.fetchall())  # leak: users.phone
