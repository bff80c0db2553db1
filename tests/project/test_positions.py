"""The lines of keys in a TOML document."""

from __future__ import annotations

import tomli

from flowcheck.project.positions import lines_of_keys

DOCUMENT = '''# a comment with [brackets] and = signs
paths = ["src", # ["not a key"]
  "lib"]
a.b = 1
text = """
[[no]]
key = \\""" # still text ""
"""
literal = \'\'\'
[no]
\'\'\'

[tool."flow check".x]  # a quoted key
when = 1979-05-27 07:32:00
[[sink]]
call = "x # no comment"
[[sink]]
  z = {u = 1, "v w" = [ {w = 2}, 3 ]}
[sink.sub]
q = true
[[sink.deep]]
r = 'a]}'
'''


def test_every_key_has_its_line() -> None:
    assert tomli.loads(DOCUMENT)
    assert lines_of_keys(DOCUMENT) == {
        ("paths",): 2,
        ("paths", 0): 2,
        ("paths", 1): 3,
        ("a",): 4,
        ("a", "b"): 4,
        ("text",): 5,
        ("literal",): 9,
        ("tool", "flow check", "x"): 13,
        ("tool", "flow check", "x", "when"): 14,
        ("sink", 0): 15,
        ("sink", 0, "call"): 16,
        ("sink", 1): 17,
        ("sink", 1, "z"): 18,
        ("sink", 1, "z", "u"): 18,
        ("sink", 1, "z", "v w"): 18,
        ("sink", 1, "z", "v w", 0): 18,
        ("sink", 1, "z", "v w", 0, "w"): 18,
        ("sink", 1, "z", "v w", 1): 18,
        ("sink", 1, "sub"): 19,
        ("sink", 1, "sub", "q"): 20,
        ("sink", 1, "deep", 0): 21,
        ("sink", 1, "deep", 0, "r"): 22,
    }
