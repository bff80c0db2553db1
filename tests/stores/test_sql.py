"""What is read out of the text of statements."""

from __future__ import annotations

import pytest

from flowcheck.flow.sql import Column, Statement, Terms, looks_like_sql, prepared, statement_of, tables_created

SCHEMA = {"uploads": ("phone", "city"), "contacts": ("address", "town")}


def read(text: str) -> Statement:
    """The statement of a text that can be read."""
    found = statement_of(text, SCHEMA.get)
    assert found is not None
    return found


def columns(*names: str) -> Terms:
    """Terms of columns, written `table.column`."""
    return Terms(tuple(Column(*name.split(".")) for name in names))


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("SELECT a FROM t WHERE b = ?", "SELECT a FROM t WHERE b = :fc_0"),
        ("SELECT a FROM t WHERE b = %s AND c = %s", "SELECT a FROM t WHERE b = :fc_0 AND c = :fc_1"),
        ("SELECT a FROM t WHERE b = %(name)s", "SELECT a FROM t WHERE b = :fc_name"),
        ("SELECT a::text FROM t WHERE b = :name", "SELECT a::text FROM t WHERE b = :fc_name"),
        ("SELECT a FROM t WHERE b = $2", "SELECT a FROM t WHERE b = :fc_1"),
        ("SELECT '?' FROM t WHERE b LIKE '%%x'", "SELECT '?' FROM t WHERE b LIKE '%x'"),
        ("SELECT a FROM t WHERE b IN (\0)", "SELECT a FROM t WHERE b IN (:fc_hole)"),
        ("SELECT a FROM t WHERE b = '\0'", "SELECT a FROM t WHERE b = :fc_hole"),
        ("REPLACE INTO t (a) VALUES (?)", "INSERT INTO t (a) VALUES (:fc_0)"),
    ],
)
def test_placeholders_of_every_style_have_one_form(text: str, ready: str) -> None:
    assert prepared(text) == ready


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("SELECT phone FROM users", ("phone", columns("users.phone"))),
        ("SELECT u.phone AS p FROM app.users u", ("p", columns("users.phone"))),
        ("SELECT upper(phone) || city AS both FROM users", ("both", columns("users.phone", "users.city"))),
        ("SELECT COUNT(phone) FROM users", ("", columns())),
        ("WITH x AS (SELECT phone AS p FROM users) SELECT p FROM x", ("p", columns("users.phone"))),
        ("WITH x (p) AS (SELECT phone FROM users) SELECT p FROM x", ("p", columns("users.phone"))),
        ("SELECT p FROM (SELECT phone AS p FROM users) AS inner_rows", ("p", columns("users.phone"))),
        ("SELECT (SELECT phone FROM users LIMIT 1) AS p FROM t", ("p", columns("users.phone"))),
        ("SELECT CASE WHEN phone = 'x' THEN city END AS c FROM users", ("c", columns("users.city"))),
        ("SELECT town FROM users, contacts", ("town", columns("contacts.town"))),
        ("SELECT `phone` FROM `users`", ("phone", columns("users.phone"))),
        ("SELECT [phone] FROM [users]", ("phone", columns("users.phone"))),
        ("SELECT city FROM t UNION SELECT phone FROM users", ("city", columns("t.city", "users.phone"))),
    ],
)
def test_outputs_are_made_of_columns(text: str, output: tuple[str, Terms]) -> None:
    (found,) = read(text).outputs
    assert (found.name, found.terms) == output


def test_a_star_stands_for_the_columns_that_are_known() -> None:
    assert [each.name for each in read("SELECT * FROM uploads").outputs] == ["phone", "city"]
    assert [each.name for each in read("SELECT * FROM users").outputs] == ["*"]


@pytest.mark.parametrize(
    ("text", "column", "terms"),
    [
        ("INSERT INTO t (a, b) VALUES ('x', ?)", "t.b", Terms((), (0,))),
        ("INSERT INTO contacts VALUES ('x', %(town)s)", "contacts.town", Terms((), ("town",))),
        ("INSERT INTO t (a) SELECT phone FROM users", "t.a", columns("users.phone")),
        ("UPDATE t SET a = s.phone FROM s WHERE s.id = t.id", "t.a", columns("s.phone")),
        ("UPDATE t SET a = :a WHERE id = 1", "t.a", Terms((), ("a",))),
        ("CREATE TABLE t AS SELECT phone AS a FROM users", "t.a", columns("users.phone")),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = ?", "t.b", Terms((), (0,))),
        ("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.phone", "t.a", columns("s.phone")),
    ],
)
def test_writes_say_what_goes_into_which_column(text: str, column: str, terms: Terms) -> None:
    (write,) = read(text).writes
    assert (write.column, write.terms) == (Column(*column.split(".")), terms)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 FROM users JOIN uploads ON users.phone = uploads.phone",
        "SELECT 1 FROM users AS u, uploads AS x WHERE u.phone = x.phone",
        "SELECT 1 FROM users JOIN uploads USING (phone)",
        "SELECT 1 FROM users WHERE users.phone IN (SELECT phone FROM uploads)",
        "SELECT 1 FROM users WHERE EXISTS (SELECT 1 FROM uploads WHERE uploads.phone = users.phone)",
        "SELECT users.phone FROM users INTERSECT SELECT uploads.phone FROM uploads",
        "DELETE FROM users WHERE users.phone IN (SELECT phone FROM uploads)",
    ],
)
def test_comparisons_join_two_columns(text: str) -> None:
    (comparison,) = read(text).comparisons
    both = {*comparison.left.columns, *comparison.right.columns}
    assert both == {Column("users", "phone"), Column("uploads", "phone")}


def test_what_is_no_statement_is_left_alone() -> None:
    assert not looks_like_sql("selected rows")
    assert statement_of("SELECT FROM WHERE", lambda table: None) is None
    assert statement_of("hello", lambda table: None) is None


def test_a_created_table_says_its_columns() -> None:
    text = "CREATE TABLE IF NOT EXISTS Users (id INTEGER PRIMARY KEY, Phone TEXT)"
    assert tables_created(text).created == {"users": ("id", "phone")}
