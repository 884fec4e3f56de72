"""`make docs` builds the site without a network, and its pages ask for nothing that they do not carry."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest

from tests.browser import browsing, looked_at
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as the Makefile does it, where no network can be reached if the system lets us say so."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    build = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(folder / "mkdocs.yml")]
    alone = ["unshare", "--map-root-user", "--net"]
    cut = subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    subprocess.run([*alone, *build] if cut else build, check=True, capture_output=True, timeout=60)
    return folder / "site"


def test_the_makefile_builds_it_the_same_way() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "zensical build --strict --config-file .cache/docs/mkdocs.yml" in text


def test_there_is_a_page_for_each_text(site: Path) -> None:
    texts = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert texts <= {path.stem for path in site.glob("*.html")}


def test_no_page_names_a_file_elsewhere(site: Path) -> None:
    asked = re.compile(r"<(?:script|img|link|iframe|source)[^>]*(?:src|href)=\"?(?:https?:)?//[^>]*>")
    found = {path.name: asked.findall(path.read_text(encoding="utf-8")) for path in site.glob("*.html")}
    assert {name: tags for name, tags in found.items() if tags} == {}


def test_no_link_leads_nowhere(site: Path) -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in site.glob("*.html")}
    ids = {name: set(re.findall(r' id="?([^"\s>]+)', text)) for name, text in pages.items()}
    bad = []
    for name, text in pages.items():
        for address in re.findall(r'<a [^>]*href="?([^"\s>]+)', text):
            if "://" not in address and name != "404.html":
                path, _, part = unescape(unquote(address)).partition("#")
                target = (path or name).removeprefix("./")
                if not (site / target).exists() or (part and part not in ids[target]):
                    bad.append((name, address))
    assert bad == []


def test_links_between_documents_of_the_repository_lead_somewhere() -> None:
    folders = (ROOT, ROOT / "docs", ROOT / "cypher", ROOT / "benchmarks")
    found = [
        (path, link.partition("#")[0])
        for folder in folders
        for path in sorted(folder.glob("*.md"))
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
        if not link.startswith(("http", "#"))
    ]
    assert len(found) > 20
    assert [(path.name, link) for path, link in found if not (path.parent / link).exists()] == []


@pytest.mark.browser
def test_axe_finds_nothing_on_any_page(site: Path, chromium: str) -> None:
    with served(site) as address, browsing(chromium) as page:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for path in sorted(site.glob("*.html")):
                page.goto(f"{address}/{path.name}")
                page.wait_for_timeout(200)  # a table that turns out too wide is marked after it was laid out
                looked_at(page, f"{path.name} at {width}")


@pytest.mark.browser
def test_a_reader_asks_nobody_else_and_finds_by_searching(site: Path, chromium: str) -> None:
    asked: list[str] = []
    with served(site) as address, browsing(chromium) as page:
        page.on("request", lambda request: asked.append(request.url))
        for path in sorted(site.glob("*.html")):
            page.goto(f"{address}/{path.name}")
            assert page.title()
        page.goto(f"{address}/index.html")
        page.get_by_role("button", name="Search").first.click()
        page.keyboard.type("constraint")
        page.get_by_text(re.compile(r"^\d+ results$")).wait_for()
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []


@contextmanager
def served(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing on the console."""
