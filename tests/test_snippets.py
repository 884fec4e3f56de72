"""Every snippet of README.md and docs/ runs, page by page, on the store of the demo."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, wipe

TEXTS = {path.name: path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]}
BLOCKS = {
    name: re.findall(r"^```(\w*)(?: title=\"([^\"]+)\")?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    for name, text in TEXTS.items()
}
SHELL = ("", "sh")
OUTSIDE = (".", "chmod", "docker", "make", "mkdir", "printf", "python3")
"""What a line may begin with beside tsi; those lines ask for more than this package."""
DRIVER = """
import io, shlex, sys
from pathlib import Path
from tsi_graph.cli import main

def tsi(line):
    sys.argv = ["tsi", *shlex.split(line)[1:]]
    try:
        main()
    except SystemExit as end:
        assert end.code in (0, None), f"{line}: exit code {end.code}"

"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo has run."""
    folder = tmp_path_factory.mktemp("demo")
    run(folder, DRIVER + "tsi('tsi demo')")
    return folder


def run(folder: Path, text: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("TSI_")}
    command = [sys.executable, "-W", "ignore", "-c", text]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def lines(block: str) -> list[str]:
    return [line for line in block.split("\n") if line.strip()]


def to_run(line: str) -> str:
    """A line of tsi as it is; where it has a blank to fill in, or would not end, only its options are looked at."""
    words = shlex.split(line, comments=True)
    asked = words[1] in ("serve", "demo") or any(re.fullmatch("[A-Z]{2,}(\\.[a-z]+)?", word) for word in words)
    return f"tsi({shlex.join([*words, '--help'] if asked else words)!r})\n"


@pytest.mark.parametrize(
    "name", [name for name, blocks in BLOCKS.items() if any(b[0] in ("python", *SHELL) for b in blocks)]
)
def test_the_snippets_of_a_page_run(name: str, demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    shutil.copytree(demo, folder)
    script = DRIVER
    for sort, title, block in BLOCKS[name]:
        if sort == "python":
            script += block
        elif sort == "csv":
            (folder / title).parent.mkdir(exist_ok=True)
            (folder / title).write_text(block, encoding="utf-8")
        elif sort in SHELL:
            script += "".join(to_run(line) for line in lines(block) if line.startswith("tsi "))
    printed = run(folder, script)
    assert name != "README.md" or "comune-di-torino" in printed


@pytest.mark.parametrize("name", BLOCKS)
def test_a_page_has_no_snippet_of_another_sort(name: str) -> None:
    assert {sort for sort, _, _ in BLOCKS[name]} <= {"python", "py", "csv", *SHELL}
    for line in (line for sort, _, block in BLOCKS[name] if sort in SHELL for line in lines(block)):
        first = shlex.split(line, comments=True)[0]
        assert first == "tsi" or first in OUTSIDE, line


@pytest.mark.neo4j
@pytest.mark.parametrize("name", [name for name, blocks in BLOCKS.items() if any(b[0] == "py" for b in blocks)])
def test_what_asks_a_server_runs_where_there_is_one(name: str, neo4j_server: tuple[str, str], tmp_path: Path) -> None:
    url, password = neo4j_server
    wipe(url, password)
    for sort, _, block in BLOCKS[name]:
        if sort == "py":
            run(tmp_path, block.replace("bolt://localhost:7687", url).replace('"secret"', repr(password)))
