"""Every test that docs/security.md names is there, and its limits are those of the code."""

from __future__ import annotations

import re

from api import limits, server
from tests.conftest import ROOT
from tsi_graph.deliveries import grid
from tsi_graph.settings import Settings

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_each_row_names_a_test_that_there_is() -> None:
    there = {
        name for path in ROOT.glob("tests/**/*.py") for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    assert len(named) > 40
    assert named - there == set()


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{limits.BODY // limits.MB} MB | 413" in TEXT
    assert f"{limits.UPLOAD // limits.MB} MB | 413" in TEXT
    report, upload = limits.REPORT_SECONDS, limits.UPLOAD_SECONDS
    assert f"| {limits.SECONDS:.0f} s; {report:.0f} s for a report; {upload:.0f} s for an upload |" in TEXT
    assert f"waits to be imported | {upload:.0f} s, as for its upload |" in TEXT
    assert f"looked at with `tsi import --preview` | {grid.MOST:,};" in TEXT
    assert f"| {limits.IN_FLIGHT}, of which 40 run |" in TEXT
    assert f"| {server.SLOWEST:.0f} s, and 1 s for each" in TEXT
    assert Settings.model_fields["rate"].default == "1200/minute; 50000/day"
    assert Settings.model_fields["rate_address"].default == "6000/minute"
