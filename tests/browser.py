"""Looking at pages as a person does: the application in a thread, headless Chromium in front of it, axe."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (320, 768, 1280)
"""The widths at which every page is looked at."""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SHOTS = os.environ.get("TSI_SHOTS")
"""A folder for a picture of each page that `checked` looks at, where it is set."""


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address at which the application answers, on a free port."""
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{free.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        free.close()


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield chrome
        chrome.close()


@contextmanager
def browsing(chromium: str, *, javascript: bool = True) -> Iterator[Page]:
    """A page in headless Chromium, which fails the test on any error of a script or of the page's policy."""
    with launched(chromium) as chrome:
        page = chrome.new_context(java_script_enabled=javascript, locale="it-IT").new_page()
        page.set_default_timeout(20_000)
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        yield page
        # what the server refuses (404, 409) is told on the console too, and is no fault of a script
        told = [fault for fault in faults if not fault.startswith("Failed to load resource")]
        assert not told, told


BURST = "[...document.querySelectorAll('.chain')].filter(c => c.scrollWidth > c.clientWidth + 1).map(c => c.ariaLabel)"
"""The chains that are wider than their card."""


def checked(page: Page, url: str, widths: tuple[int, ...] = WIDTHS) -> None:
    """At every width no sideways scrolling; and, with all of it open, no violation of WCAG 2.2 AA that axe finds."""
    page.goto(url)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{url}: wider than {width}"
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        looked_at(page, f"{url} at {width}")
        assert page.evaluate(BURST) == [], f"{url} at {width}"
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = false })")


def looked_at(page: Page, what: str) -> None:
    """The same of what the page shows now, as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    if SHOTS:
        name = "".join(c if c.isalnum() else "-" for c in what.split("//")[-1].split("/", 1)[-1])
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    found = Axe().run(page, options={"runOnly": list(RULES), "resultTypes": ["violations"]})
    assert not found.violations_count, f"{what}: {found.generate_report()}"
    wide, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= room, f"{what}: {wide} pixels wide"


def stops(page: Page, most: int = 400) -> list[str]:
    """What Tab reaches from the top, in its order: the text or name of each link, button and field."""
    page.evaluate("document.activeElement && document.activeElement.blur(); window.scrollTo(0, 0)")
    found: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        told: str | None = page.evaluate(
            """() => { const e = document.activeElement;
            if (!e || e === document.body) return null;
            return (e.innerText || e.getAttribute("aria-label") || e.name || e.value || e.tagName).trim(); }"""
        )
        if told is None:
            break
        found.append(told)
    return found
