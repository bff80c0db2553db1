"""The words a code mentions, by which it is found without being read.

user.phone = form["phonedevice__number"]     form, number, phone, phonedevice, phonedevice__number, user
"""

from __future__ import annotations

import re

_WORD = re.compile(r"\b[^\W\d]\w*")


def words_of(text: str) -> set[str]:
    """Identifier-shaped words in a text, and the parts of those joined by `__`."""
    words = set(_WORD.findall(text))
    if "__" in text:
        words.update(part for word in tuple(words) if "__" in word for part in word.split("__") if part)
    return words
