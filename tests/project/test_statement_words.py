"""What the index knows of class statements and imports without parsing."""

from __future__ import annotations

import pytest

from flowcheck.project.words import bases_in, imports_in


@pytest.mark.parametrize(
    ("source", "bases"),
    [
        ("class Admin(User): ...", {"User"}),
        (
            "class Admin(db.User, Generic[T], metaclass=Meta):\n    x: Other",
            {"db", "User", "Generic", "T", "metaclass", "Meta"},
        ),
        ("class Admin(\n    User,  # who\n    Mixin,\n): ...", {"User", "who", "Mixin"}),
        ("class Box[T](Base[T]): ...", {"Base", "T"}),
        ("from m import User as Person\nclass Admin(Person): ...", {"Person", "User"}),
        ("Person = m.User\nclass Admin(Person): ...", {"Person", "User"}),
        ("One = User\nTwo = One\nclass Admin(Two): ...", {"Two", "One", "User"}),
        ("class Admin:\n    kind: User = make(User)", set()),
        ("user = User\nclass Admin(Base): ...", {"Base"}),
    ],
)
def test_bases_are_what_stands_in_class_statements_by_any_name(source: str, bases: set[str]) -> None:
    assert bases_in(source.encode()) == {name.encode() for name in bases}


def test_a_file_of_unclosed_class_statements_is_read_once() -> None:
    assert bases_in(b"class a(" * 200_000) == {b"a", b"class"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from shop.ads import push, upload as send\nx = 1", {"push", "upload", "as", "send"}),
        ("from shop.ads import (\n    push,  # it\n    upload,\n)\nother()", {"push", "it", "upload"}),
        ("from shop.ads import push, \\\n    upload\nother()", {"push", "upload"}),
        ("from shop.ads import *", {"*"}),
        ("import shop.ads as ads", {"shop", "ads", "as"}),
        ("important = push", set()),
    ],
)
def test_imports_are_what_stands_in_import_statements(source: str, names: set[str]) -> None:
    assert imports_in(source.encode()) == {name.encode() for name in names}
