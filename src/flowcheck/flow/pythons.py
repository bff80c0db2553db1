"""What differs from one Python to the next, all of it together: which Python runs flowcheck must not matter.

builtin_exception("builtins.ExceptionGroup")     a class, on Python 3.10 too
"""

from __future__ import annotations

import builtins
import sys

GONE = (
    "aifc asynchat asyncore audioop binhex cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib nis "
    "nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib"
)
NEW = "annotationlib compression tomllib"

STANDARD_MODULES = sys.stdlib_module_names | {*GONE.split(), *NEW.split()}
"""The modules of the standard library, in any Python from 3.8 to 3.14."""


class _BaseGroupError(BaseException):
    """Stands for `BaseExceptionGroup`, which 3.10 has not."""


class _GroupError(_BaseGroupError, Exception):
    """Stands for `ExceptionGroup`."""


class _FinalizationError(RuntimeError):
    """Stands for `PythonFinalizationError`, which came with 3.13."""


NEW_EXCEPTIONS: dict[str, type[BaseException]] = {
    "BaseExceptionGroup": _BaseGroupError,
    "ExceptionGroup": _GroupError,
    "PythonFinalizationError": _FinalizationError,
}

BUILTINS = frozenset(dir(builtins)) | {"reveal_type", "aiter", "anext", "EncodingWarning", *NEW_EXCEPTIONS}
"""The names that need no import, in any Python."""


def builtin_exception(name: str) -> type[BaseException] | None:
    """The builtin exception class of a dotted name."""
    if not name.startswith("builtins."):
        return None
    word = name.removeprefix("builtins.")
    found = getattr(builtins, word, None) or NEW_EXCEPTIONS.get(word)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
