"""Schemathesis against a server of its own over the starter data: `python -m tests.api.fuzz 200`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import httpx2 as httpx

from api import limits
from api.app import create_app
from tests.api.conftest import filled
from tests.browser import serving
from tsi_graph.settings import Settings

PATIENCE = 60.0
"""Seconds until an answer: the machine of a test may be busy, and what is too slow is asked elsewhere."""
ROOT = Path(__file__).resolve().parents[2]
TAKEN = (
    ("^/v1/(stakeholders|reports/organisations|introducers)/", "path.id", "stakeholders"),
    ("^/v1/projects/", "path.id", "projects"),
    ("^/v1/funds/", "path.id", "funds"),
    ("^/v1/topics/", "path.id", "topics"),
    ("^/v1/networks/", "path.id", "networks"),
    ("^/v1/ties/", "path.fact", "facts"),
    ("^/v1/introductions/", "path.id", "introductions"),
    ("^/v1/imports/previews/", "path.preview", "previews"),
    ("^/v1/questions/", "path.question", "questions"),
    ("^/v1/gaps/", "path.key", "gaps"),
    ("^/v1/metrics/", "path.name", "metrics"),
    ("^/v1/recommendations/ways", "query.source", "stakeholders"),
    ("^/v1/recommendations/ways", "query.target", "networks"),
    ("^/v1/recommendations$", "query.network", "networks"),
    ("^/v1/recommendations", "query.stakeholder", "stakeholders"),
    ("^/v1/introductions$", "body.source", "stakeholders"),
    ("^/v1/introductions$", "body.target", "networks"),
    ("^/v1/corrections$", "body.node", "stakeholders"),
    ("^/v1/confirmations$", "body.statement", "statements"),
)
"""Which parameter of which addresses is taken from what there is, in six cases of ten."""


def fuzzed(folder: Path, examples: int, *more: str) -> subprocess.CompletedProcess[str]:
    """A run with so many examples for each operation and all checks."""
    with patch.object(limits, "SECONDS", PATIENCE):
        return _asked(folder, examples, *more)


def _asked(folder: Path, examples: int, *more: str) -> subprocess.CompletedProcess[str]:
    app = create_app(filled(folder), Settings(rate="", rate_address="", views=folder / "views"))
    with serving(app) as at:
        known = folder / "schemathesis.toml"
        known.write_text((ROOT / "schemathesis.toml").read_text(encoding="utf-8") + _there(at), encoding="utf-8")
        # one worker: hypothesis reads sources, and `ast.parse` in two threads of CPython 3.11 now and then fails
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(known), "run",
            f"{at}/openapi.json", "--checks", "all", "--max-examples", str(examples), "--workers", "1",
            "--request-timeout", "60", "--no-color", *more,
        ]  # fmt: skip
        return subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )


def _there(at: str) -> str:
    """What there is to be asked about, as dictionaries of schemathesis: taken instead of what it makes up, at times."""
    with httpx.Client(base_url=f"{at}/v1", timeout=PATIENCE) as client:

        def each(path: str, name: str = "id") -> list[str]:
            return [one[name] for one in client.get(path).raise_for_status().json()[:20]]

        for one in client.get("/portfolios").raise_for_status().json()["introductions"][:5]:
            client.post("/introductions", json={"source": one["source"], "target": one["target"]}).raise_for_status()
        table = {"files": ("organisations.csv", b"id,name\nnew-body,New body\nbad body,\n")}
        preview = client.post("/imports/previews", files=table).raise_for_status().json()["id"]
        words = {
            "stakeholders": each("/stakeholders"), "projects": each("/projects"), "funds": each("/funds"),
            "topics": each("/topics"), "networks": each("/networks"), "facts": each("/ties", "fact"),
            "introductions": each("/introductions"), "previews": [preview], "questions": each("/questions"),
            "gaps": each("/gaps", "key"), "metrics": each("/metrics", "name"),
            "statements": each("/conflicts", "statement"),
        }  # fmt: skip
    lines = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in words.items()]
    for operations, parameter, name in TAKEN:
        drawn = f'parameters."{parameter}" = {{ dictionary = "{name}", probability = 0.6 }}'
        lines.append(f"[[operations]]\ninclude-path-regex = {json.dumps(operations)}\n{drawn}")
    return "\n" + "\n\n".join(lines) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        run = fuzzed(Path(place), int(sys.argv[1]), *sys.argv[2:])
    print(run.stdout)  # noqa: T201
    raise SystemExit(run.returncode)
