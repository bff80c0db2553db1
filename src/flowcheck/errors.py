"""Everything that flowcheck refuses, as one family of exceptions.

A wrong configuration or rule stops a run with the place and the word that is wrong:

    flowcheck.toml:3: unknown key "used_fro" in [[sink]]; did you mean "used_for"?

A bad file of the analysed program is no exception: it is a problem in the result.
"""

from __future__ import annotations


class FlowcheckError(Exception):
    """Base of every error that flowcheck raises on purpose."""


class GivenUpError(FlowcheckError):
    """A run whose answer nobody waits for any more; raised by the progress that it is told."""


class ConfigError(FlowcheckError):
    """A configuration or rule file that cannot be used.

    `path` is the file as it is shown to people; `line` is 1-based, None when the file as a whole is meant;
    `key` is the key that is wrong, if one is; `suggestion` is the nearest right word.
    """

    def __init__(
        self,
        path: str,
        line: int | None,
        key: str | None,
        message: str,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(path, line, key, message, suggestion)
        self.path = path
        self.line = line
        self.key = key
        self.message = message
        self.suggestion = suggestion

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        hint = f'; did you mean "{self.suggestion}"?' if self.suggestion else ""
        return f"{place}: {self.message}{hint}"


class RuleSyntaxError(FlowcheckError):
    """A text in one of the small languages of rules (patterns, access paths, flows) that cannot be read.

    `text` is the whole text, `position` the 0-based offset in it where reading stopped.
    """

    def __init__(self, text: str, position: int, message: str) -> None:
        super().__init__(text, position, message)
        self.text = text
        self.position = position
        self.message = message

    def __str__(self) -> str:
        return f'"{self.text}": {self.message} at character {self.position + 1}'


class UnwritableError(FlowcheckError):
    """A file that cannot be written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"cannot write {self.path}: {self.reason}"
