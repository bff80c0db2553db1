"""The codes that mention a word, as the entry points that are evaluated to see what they do."""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.files import Code
from flowcheck.flow.schemas import kept_statements
from flowcheck.program.program import CodeRef, Program


class Mentions:
    """Who mentions what in a program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._statements: dict[str, list[tuple[Code, list[tuple[str, str]]]]] = {}

    def order(self, ref: CodeRef) -> tuple[str, int]:
        """Where a code stands among all: by path, then by line."""
        return self.program.path_of(ref.module), ref.index

    def entry_of(self, module: str, code: Code) -> CodeRef:
        """The code that is evaluated to see what this one does: the outermost function around it, or the module."""
        codes = self.program.facts(module).codes
        entry = code
        while code.parent >= 0:
            if code.kind == "function":
                entry = code
            code = codes[code.parent]
        return CodeRef(module, entry.index if entry.kind == "function" else 0)

    def codes_in(self, module: str, word: str) -> Iterator[Code]:
        """The codes of a module that mention a word."""
        return (code for code in self.program.facts(module).codes if word in code.mentions)

    def codes_with(self, word: str) -> Iterator[CodeRef]:
        """The entry codes around every code that mentions a word."""
        for module in self.program.modules_with(word):
            yield from (self.entry_of(module, code) for code in self.codes_in(module, word))

    def codes_reading(self, word: str) -> Iterator[CodeRef]:
        """The codes that mention a word, and those that use a statement kept under a name that mentions it."""
        yield from self.codes_with(word)
        yield from self.codes_running(word)

    def codes_running(self, word: str) -> Iterator[CodeRef]:
        """The codes that may run a statement kept under a name, where that mentions a word."""
        for module in self.program.modules_with(word):
            for code, named in self._statements_of(module):
                if word in code.mentions:
                    for name, text in named:
                        if word in text:
                            yield from self.codes_with(name)

    def _statements_of(self, module: str) -> list[tuple[Code, list[tuple[str, str]]]]:
        kept = self._statements.get(module)
        if kept is None:
            codes = self.program.facts(module).codes
            kept = self._statements[module] = [(code, named) for code in codes if (named := kept_statements(code))]
        return kept
