"""The analyses of an editor's folders: one at a time, the newest question first, an older one given up.

session.ask()      something changed: analyse after a pause, on a thread of its own
session.answers    what the last finished analyses found, one for each folder
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flowcheck.api import Analysis, Backend, Memory, Request, report_of
from flowcheck.errors import FlowcheckError, GivenUpError
from flowcheck.lsp.answers import Answer

PAUSE = 0.15
"""Seconds without a keystroke before an analysis begins."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of analyses found; `failures` are folders whose configuration cannot be used."""

    answers: tuple[Answer, ...]
    failures: tuple[tuple[Path, FlowcheckError], ...]


class Session:
    """Runs analyses for a server, which says what to analyse and takes what was found."""

    def __init__(
        self,
        backend: Backend,
        folders: Callable[[], list[Path]],
        unsaved: Callable[[], Mapping[Path, bytes]],
        publish: Callable[[Round], None],
        watch: Callable[[str, int], None],
    ) -> None:
        self.answers: tuple[Answer, ...] = ()
        self._backend = backend
        self._folders = folders
        self._unsaved = unsaved
        self._publish = publish
        self._watch = watch
        self._memories: defaultdict[Path, Memory] = defaultdict(Memory)
        self._asked = 0
        self._wanted = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def ask(self) -> None:
        """Analyse soon; what is under way is given up."""
        with self._wanted:
            self._asked += 1
            self._wanted.notify_all()
            if self._thread is None or not self._thread.is_alive():  # a bug of ours ends it, told on standard error
                self._thread = threading.Thread(target=self._serve, daemon=True, name="flowcheck")
                self._thread.start()

    def close(self) -> None:
        """Give up what is under way, and begin nothing more."""
        with self._wanted:
            self._is_closed = True
            self._asked += 1
            self._wanted.notify_all()

    def _serve(self) -> None:
        done = 0
        while not self._is_closed:
            done = self._settled(done)
            self._round(done)

    def _settled(self, done: int) -> int:
        """Wait for a question newer than the one that is done, and for a pause after it; returns its number."""
        with self._wanted:
            while self._asked == done:
                self._wanted.wait()
            asked = done
            while self._asked != asked:
                asked = self._asked
                self._wanted.wait(PAUSE)
            return asked

    def _round(self, asked: int) -> None:
        """Analyse every folder, unless something newer is asked meanwhile, or nothing more is wanted."""
        answers: list[Answer] = []
        failures: list[tuple[Path, FlowcheckError]] = []
        for folder in () if self._is_closed else self._folders():
            try:
                answers.append(self._analysed(folder, asked))
            except GivenUpError:
                return
            except FlowcheckError as error:
                failures.append((folder, error))
        if asked == self._asked and not self._is_closed:
            self.answers = tuple(answers)
            self._publish(Round(tuple(answers), tuple(failures)))

    def _analysed(self, folder: Path, asked: int) -> Answer:
        def progress(stage: str, done: int, total: int | None) -> None:
            if asked != self._asked:
                raise GivenUpError
            self._watch(stage, done)

        request = Request(current=folder, unsaved=self._unsaved(), memory=self._memories[folder])
        analysis: Analysis = self._backend.analyse(request, progress)
        return Answer(analysis, report_of(analysis, request))
