"""Schemathesis against a server of its own over the starter data: `python -m tests.api.fuzz 200`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from api import limits
from api.app import create_app
from tests.api.conftest import filled
from tests.browser import serving
from tsi_graph.settings import Settings

PATIENCE = 60.0
"""Seconds until an answer: the machine of a test may be busy, and what is too slow is asked elsewhere."""
ROOT = Path(__file__).resolve().parents[2]


def fuzzed(folder: Path, examples: int, *more: str) -> subprocess.CompletedProcess[str]:
    """A run with so many examples for each operation and all checks."""
    with patch.object(limits, "SECONDS", PATIENCE):
        return _asked(folder, examples, *more)


def _asked(folder: Path, examples: int, *more: str) -> subprocess.CompletedProcess[str]:
    app = create_app(filled(folder), Settings(rate="", rate_address="", views=folder / "views"))
    with serving(app) as at:
        # one worker: hypothesis reads sources, and `ast.parse` in two threads of CPython 3.11 now and then fails
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(ROOT / "schemathesis.toml"),
            "run", f"{at}/openapi.json", "--checks", "all", "--max-examples", str(examples), "--workers", "1",
            "--request-timeout", "60", "--no-color", *more,
        ]  # fmt: skip
        return subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        run = fuzzed(Path(place), int(sys.argv[1]), *sys.argv[2:])
    print(run.stdout)  # noqa: T201
    raise SystemExit(run.returncode)
