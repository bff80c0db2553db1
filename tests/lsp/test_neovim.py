"""Neovim's built-in client, without a screen: what it shows of a buffer, and of what is typed into it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from small_programs import LEAK

NEOVIM = shutil.which("nvim")

SCRIPT = """\
local root = vim.fn.getcwd()
local id = vim.lsp.start_client({
  name = "flowcheck",
  cmd = vim.split(vim.env.FLOWCHECK, " "),
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = "project" } },
})
vim.cmd("edit app.py")
local buffer = vim.api.nvim_get_current_buf()
vim.lsp.buf_attach_client(buffer, id)
local function lines()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(buffer)) do table.insert(found, each.lnum + 1) end
  return found
end
local function wait(count) return vim.wait(30000, function() return #lines() == count end, 50) end
local told = { is_shown = wait(2), lines = lines() }
vim.api.nvim_buf_set_lines(buffer, 7, 8, false, { "    sync_audience(None)" })
told.is_gone = wait(0)
io.stdout:write(vim.json.encode(told) .. "\\n")
vim.cmd("qall!")
"""


@pytest.mark.skipif(NEOVIM is None, reason="no Neovim here")
def test_neovim_shows_the_finding_and_takes_it_away_while_typing(tmp_path):
    for name, text in {"app.py": LEAK, "flowcheck.toml": "", "script.lua": SCRIPT}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "FLOWCHECK": f"{sys.executable} -m flowcheck lsp", "XDG_STATE_HOME": str(tmp_path)}
    words = [str(NEOVIM), "--headless", "--clean", "-c", "luafile script.lua"]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=90)
    told = json.loads(done.stdout.decode().strip().splitlines()[-1])
    assert told == {"is_shown": True, "lines": [8, 8], "is_gone": True}
