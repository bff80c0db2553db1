"""The page in a real Chromium: it searches, filters, draws, is worked by keys, and asks for nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import made
import pytest

from flowcheck.report.html_page import render_graph_page, render_html

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


@dataclass
class Browser:
    """A tab, spoken to over the pipes that Chromium opens for its own tools."""

    to: IO[bytes]
    of: IO[bytes]
    session: str = ""
    number: int = 0
    events: list[dict] = field(default_factory=list)

    def ask(self, method: str, **parameters: object) -> dict:
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.to.write(json.dumps(message).encode() + b"\0")
        self.to.flush()
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def read(self) -> dict:
        found = bytearray()
        while (byte := self.of.read(1)) != b"\0":
            assert byte, "Chromium is gone"
            found += byte
        return json.loads(found)

    def open(self, page: Path) -> None:
        self.ask("Page.navigate", url=page.as_uri())
        while not self.told("Page.loadEventFired"):
            self.events.append(self.read())

    def told(self, *methods: str) -> list[dict]:
        """What came of itself, of some kinds."""
        return [event["params"] for event in self.events if event.get("method") in methods]

    def says(self, script: str) -> object:
        """What a script comes to in the page."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            text = {"text": key} if len(key) == 1 and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, **text)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    read_command, write_command = os.pipe()
    read_answer, write_answer = os.pipe()
    settings = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    line = f'exec "$@" 3<&{read_command} 4>&{write_answer}'
    words = ["bash", "-c", line, "bash", CHROMIUM, *settings, "--remote-debugging-pipe", "--window-size=1200,900"]
    process = subprocess.Popen(
        [*words, "about:blank"],
        pass_fds=(read_command, write_answer),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(read_command)
    os.close(write_answer)
    with os.fdopen(write_command, "wb") as to, os.fdopen(read_answer, "rb") as of:
        found = Browser(to, of)
        target = found.ask("Target.createTarget", url="about:blank")["targetId"]
        found.session = found.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            found.ask(f"{domain}.enable")
        yield found
        process.terminate()
        process.wait()


@pytest.fixture
def page(report, tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(render_html(report, made.source_lines()), encoding="utf-8")
    return path


SHOWN = "[...document.querySelectorAll('details.finding')].filter(each => !each.hidden).length"


def test_it_loads_from_disk_without_a_request_or_a_complaint(browser, page):
    browser.open(page)
    asked = [
        event["params"]["request"]["url"]
        for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert asked == [page.as_uri()]
    assert not [
        event for event in browser.events if event.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")
    ]
    assert browser.says("document.documentElement.scrollWidth <= innerWidth") is True


def test_search_and_filters(browser, page):
    browser.open(page)
    every = browser.says(SHOWN)
    browser.press("/")
    assert browser.says("document.activeElement.id") == "search"
    browser.ask("Input.insertText", text="fc002")
    assert 0 < browser.says(SHOWN) < every
    assert "shown" in browser.says("document.querySelector('#count').textContent")
    browser.says("search.value = 'no such thing'; filter()")
    assert browser.says(SHOWN) == 0
    browser.says("search.value = ''; filter(); document.querySelector('tr[data-query]').click()")
    assert 0 < browser.says(SHOWN) <= every


def test_keys_walk_over_the_findings(browser, page):
    browser.open(page)
    browser.press("j")
    first = browser.says("document.activeElement.closest('details')?.id")
    browser.press("j")
    second = browser.says("document.activeElement.closest('details')?.id")
    assert first
    assert second
    assert first != second
    browser.press("k")
    assert browser.says("document.activeElement.closest('details').id") == first


def test_the_graph_is_drawn_zooms_and_leads_to_the_code(browser, page):
    browser.open(page)
    assert browser.says("document.querySelectorAll('.graph g[data-node]').length") > 3
    assert browser.says("document.querySelector('.graph svg').getBoundingClientRect().height") > 200
    view = "document.querySelector('.graph svg').getAttribute('viewBox')"
    before = browser.says(view)
    browser.says("document.querySelector('[data-tool=in]').click()")
    assert browser.says(view) != before
    browser.says("document.querySelector('[data-tool=whole]').click()")
    node = "document.querySelector('.graph g.source[data-place]')"
    browser.says(f"{node}.dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")
    assert browser.says("document.querySelectorAll('.graph .faded').length") >= 0
    assert browser.says(f"document.querySelector('[data-step=\"' + {node}.dataset.place + '\"]') !== null") is True
    top = browser.says(
        f"document.querySelector('[data-step=\"' + {node}.dataset.place + '\"]').getBoundingClientRect().top"
    )
    assert 0 <= top <= 900


def test_light_and_dark(browser, page):
    colour = "getComputedStyle(document.body).backgroundColor"
    for theme in ("light", "dark"):
        browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
        browser.events.clear()
        browser.open(page)
        before = browser.says(colour)
        assert before == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}[theme]
        browser.says("document.querySelector('#theme').click()")
        assert browser.says(colour) != before


def test_a_narrow_window_and_the_printer(browser, page):
    browser.ask("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
    browser.open(page)
    assert browser.says("document.documentElement.scrollWidth <= innerWidth") is True
    assert len(browser.ask("Page.printToPDF")["data"]) > 1000


def test_on_paper_nothing_is_cut_off(browser, page):
    browser.ask("Emulation.setEmulatedMedia", media="print")
    browser.ask("Emulation.setDeviceMetricsOverride", width=700, height=1000, deviceScaleFactor=1, mobile=False)
    browser.open(page)
    browser.says("dispatchEvent(new Event('beforeprint'))")
    assert browser.says("[...document.querySelectorAll('details.finding')].every(each => each.open)") is True
    assert browser.says("[...document.querySelectorAll('pre')].filter(e => e.scrollWidth > e.clientWidth).length") == 0
    graph = "document.querySelector('.graph svg').getAttribute('viewBox')"
    assert browser.says(graph).startswith("0 0 ")
    assert browser.says("getComputedStyle(document.querySelector('#theme')).display") == "none"


def test_everything_that_can_be_worked_has_a_name(browser, page):
    browser.open(page)
    unnamed = browser.says(
        "[...document.querySelectorAll('button, input, select, [role=button]')]"
        ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label'))).length"
    )
    assert unnamed == 0
    assert browser.says("document.documentElement.lang") == "en"


def test_the_graph_alone(browser, report, tmp_path):
    path = tmp_path / "graph.html"
    path.write_text(render_graph_page(report), encoding="utf-8")
    browser.open(path)
    assert browser.says("document.querySelectorAll('.graph g[data-node]').length") > 3
