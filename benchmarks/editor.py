#!/usr/bin/env python3
"""Measure how soon an answer stands in the editor: `flowcheck lsp`, driven over its standard streams.

    python3 benchmarks/generate.py OUT --files 2800 --functions 30 --slice 20     # 850,000 lines
    python3 benchmarks/editor.py OUT --path shop/nightly.py --beside shop/goods_0/part_0.py

Prints milliseconds from the end of the pause after a keystroke to the diagnostics, medians and slowest, for typing in
a file that marked data passes through (`--path`) and in one that it does not (`--beside`). What is typed stands at the
end of the file and is never saved. The first answer is that of a warm cache.
"""

from __future__ import annotations

import argparse
import json
import queue
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PAUSE = 0.15
"""Seconds that the server waits for a further keystroke."""

QUIET = 0.5
"""Seconds without a word from the server after which it has said all there is."""

KEYS = {"a comment": "# note {}\n", "a line of code": "x = {}\n"}


class Server:
    """A language server under way, and what it said."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "flowcheck", "lsp"]
        self._process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._folder = folder
        self._last = 0
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def begin(self) -> float:
        """Introduce ourselves; the seconds until the first diagnostics."""
        begun = time.perf_counter()
        uri = self._folder.as_uri()
        folders = [{"uri": uri, "name": "project"}]
        self._ask("initialize", {"processId": None, "rootUri": uri, "capabilities": {}, "workspaceFolders": folders})
        self._tell("initialized", {})
        return self.first_diagnostics() - begun

    def open(self, path: Path, text: str) -> None:
        """Open a document, and wait for what is said of it."""
        document = {"uri": path.as_uri(), "languageId": "python", "version": 0, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        self.first_diagnostics()

    def type(self, path: Path, text: str, version: int) -> float:
        """Put a text in the place of a document's; the seconds from the end of the pause to the diagnostics."""
        document = {"uri": path.as_uri(), "version": version}
        begun = time.perf_counter()
        self._tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        return self.first_diagnostics() - begun - PAUSE

    def end(self) -> None:
        """Let the server go."""
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._process.wait(30)

    def first_diagnostics(self) -> float:
        """The moment at which the next diagnostics came; all that is said with them is waited for."""
        while self._said.get().get("method") != "textDocument/publishDiagnostics":
            pass
        at = time.perf_counter()
        try:
            while True:
                self._said.get(timeout=QUIET)
        except queue.Empty:
            return at

    def _ask(self, method: str, parameters: object) -> None:
        self._last += 1
        self._send({"jsonrpc": "2.0", "id": self._last, "method": method, "params": parameters})
        while self._said.get().get("id") != self._last:
            pass

    def _tell(self, method: str, parameters: object) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": parameters})

    def _send(self, message: object) -> None:
        content = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self._process.stdin.flush()

    def _listen(self) -> None:
        """Take what the server says until it ends."""
        while (message := self._read()) is not None:
            self._said.put(message)

    def _read(self) -> dict[str, Any] | None:
        """The next message."""
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            return None
        found: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return found


def main(arguments: Sequence[str]) -> int:
    """Measure what the command line asks for; return the exit status."""
    options = parse(arguments)
    folder = options.folder.resolve()
    run_once(folder)
    server = Server(folder)
    print(f"first answer, warm cache: {server.begin() * 1000:.0f} ms with the start of the process")
    print("| typed | in | median ms | slowest ms |\n| --- | --- | ---: | ---: |")
    for where, name in (("a file on the path", options.path), ("a file beside it", options.beside)):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        server.open(path, text)
        for version, (what, typed) in enumerate(KEYS.items()):
            taken = [
                server.type(path, text + typed.format(turn), 1 + version * options.times + turn)
                for turn in range(options.times)
            ]
            print(f"| {what} | {where} | {statistics.median(taken) * 1000:.0f} | {max(taken) * 1000:.0f} |")
    server.end()
    return 0


def run_once(folder: Path) -> None:
    """Fill the cache."""
    subprocess.run(
        [sys.executable, "-m", "flowcheck", "check", "--quiet"], cwd=folder, stdout=subprocess.PIPE, check=False
    )


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure how soon an answer stands in the editor.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the project; it must hold a finding")
    parser.add_argument("--path", required=True, help="a file that marked data passes through")
    parser.add_argument("--beside", required=True, help="a file that it does not")
    parser.add_argument("--times", type=int, default=10, help="keystrokes of each kind")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
