"""Every operation takes what its description allows, refuses what it does not, and answers as it is described."""

from __future__ import annotations

from pathlib import Path

from tests.api.fuzz import fuzzed


def test_no_operation_breaks_or_answers_otherwise_than_described(tmp_path: Path) -> None:
    """A few examples each; `make api-fuzz` asks 200, and in sequences that follow from the answers."""
    run = fuzzed(tmp_path, 3, "--phases", "examples,coverage,fuzzing", "--seed", "7")
    assert run.returncode == 0, run.stdout[-8000:]
