"""Names that very many files say: who can have the function is still found, and the others are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowcheck.api import Request, analyse, silent

FILES = 120

SHOP = {
    "shop/__init__.py": "",
    "shop/models.py": "class User:\n    phone = ''  # flowcheck: security-collected\n",
    "shop/ads.py": "def upload(x):  # flowcheck: advertising\n    pass\n",
    "shop/contacts.py": (
        "from shop.models import User\n\n"
        "def fetch(user: User):\n    return user.phone\n\n"
        "class Book:\n    def find(self, user: User):\n        return user.phone\n"
    ),
}
"""Both `fetch` and `find` hand up marked data."""

CALLS = {
    "imported": {
        "app.py": "from shop.contacts import fetch\nfrom shop.ads import upload\ndef f(u): upload(fetch(u))\n"
    },
    "renamed": {
        "app.py": "from shop.contacts import fetch as get\nfrom shop.ads import upload\ndef f(u): upload(get(u))\n"
    },
    "of_the_module": {
        "app.py": "import shop.contacts as c\nfrom shop.ads import upload\ndef f(u): upload(c.fetch(u))\n"
    },
    "handed_on": {
        "shop/api.py": "from shop.contacts import fetch\n",
        "app.py": "from shop.api import fetch\nfrom shop.ads import upload\ndef f(u): upload(fetch(u))\n",
    },
    "handed_on_by_a_star": {
        "shop/api.py": "from shop.contacts import *\n",
        "app.py": "from shop.api import fetch\nfrom shop.ads import upload\ndef f(u): upload(fetch(u))\n",
    },
    "relative": {
        "shop/app.py": "from .contacts import fetch\nfrom .ads import upload\ndef f(u): upload(fetch(u))\n",
    },
    "method": {
        "app.py": "from shop.contacts import Book\nfrom shop.ads import upload\ndef f(u): upload(Book().find(u))\n",
    },
    "method_of_a_subclass": {
        "own.py": "from shop.contacts import Book\nclass Own(Book): pass\n",
        "app.py": "from own import Own\nfrom shop.ads import upload\ndef f(u): upload(Own().find(u))\n",
    },
}

OTHER = """\
def fetch(x):
    return x

class Other{number}:
    def find(self, x):
        return self.find(x) if x else fetch(x)

def use(x):
    return fetch(x), Other{number}().find(x)
"""


def write(folder: Path, files: dict[str, str]) -> None:
    """Make the files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", CALLS)
def test_callers_of_common_names_are_those_that_can_have_them(name: str, tmp_path: Path) -> None:
    others = {f"others/part_{number}.py": OTHER.format(number=number) for number in range(FILES)}
    write(tmp_path, {**SHOP, **CALLS[name], **others})
    analysis = analyse(Request(current=tmp_path, paths=(tmp_path,), has_cache=False, jobs=1), silent)
    assert len(analysis.solution.flows) == 1
    assert analysis.solution.statistics["evaluations"] < FILES / 4
