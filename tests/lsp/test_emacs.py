"""Emacs without a screen, by Eglot and by lsp-mode, set up as docs/editors.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from small_programs import LEAK

EMACS = shutil.which("emacs")

HEAD = """\
(package-initialize)
(require 'json)
(defun wait-for (count)
  (let ((end (+ (float-time) 60)))
    (while (and (/= (length (shown-lines)) count) (< (float-time) end)) (accept-process-output nil 0.05))
    (if (= (length (shown-lines)) count) t :json-false)))
"""

EGLOT = """\
(require 'eglot)
(setq eglot-sync-connect 60 eglot-connect-timeout 60)
(defun shown-lines ()
  (mapcar (lambda (each) (line-number-at-pos (flymake-diagnostic-beg each))) (flymake-diagnostics)))
(find-file "app.py")
(python-mode)
(apply #'eglot (eglot--guess-contact))
"""

LSP_MODE = """\
(require 'lsp-mode)
(setq lsp-auto-guess-root t lsp-enable-snippet nil lsp-enable-file-watchers nil lsp-diagnostics-provider :none
      lsp-session-file (expand-file-name "session"))
(defun shown-lines ()
  (mapcar (lambda (each) (1+ (lsp:position-line (lsp:range-start (lsp:diagnostic-range each)))))
          (append (gethash (lsp--fix-path-casing (expand-file-name "app.py")) (lsp-diagnostics t)) nil)))
(lsp-workspace-folders-add default-directory)
(find-file "app.py")
(python-mode)
(lsp)
"""

TAIL = """\
(let* ((is-shown (wait-for 2)) (lines (vconcat (shown-lines))))
  (goto-char (point-min))
  (forward-line 7)
  (delete-region (point) (line-end-position))
  (insert "    sync_audience(None)")
  (when (fboundp 'eglot--signal-textDocument/didChange) (eglot--signal-textDocument/didChange))
  (princ (json-encode (list :is_shown is-shown :lines lines :is_gone (wait-for 0)))))
(set-buffer-modified-p nil)
(kill-emacs 0)
"""

CLIENTS = {"eglot": EGLOT, "lsp-mode": LSP_MODE}


@cache
def has(package: str) -> bool:
    """Whether Emacs is there, with a package."""
    words = ["--batch", "--eval", f"(progn (package-initialize) (require '{package}))"]
    return EMACS is not None and subprocess.run([EMACS, *words], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("client", CLIENTS)
def test_emacs_shows_the_finding_and_takes_it_away_while_typing(repository: Path, tmp_path: Path, client: str):
    if not has(client):
        pytest.skip(f"no Emacs with {client} here")
    script = HEAD + CLIENTS[client].replace("(defun", f"{set_up(repository, client)}\n(defun", 1) + TAIL
    for name, text in {"app.py": LEAK, "flowcheck.toml": "", "script.el": script}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    environment = {**os.environ, "HOME": str(tmp_path)}
    words = [str(EMACS), "--batch", "-l", "script.el"]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=150)
    told = json.loads(done.stdout.decode().strip().splitlines()[-1])
    assert told == {"is_shown": True, "lines": [8, 8], "is_gone": True}


def set_up(repository: Path, client: str) -> str:
    """What docs/editors.md says of a client, with the flowcheck at hand."""
    blocks = re.findall(
        r"```elisp\n(.*?)```", (repository / "docs" / "editors.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (block,) = (block for block in blocks if {"eglot": "eglot-", "lsp-mode": "lsp-register"}[client] in block)
    assert '("flowcheck" "lsp")' in block
    return block.replace('("flowcheck" "lsp")', f'("{sys.executable}" "-m" "flowcheck" "lsp")')
