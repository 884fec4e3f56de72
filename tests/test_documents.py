"""The documents say what the code does: names, settings, metrics, routes, snippets, no machine of ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tsi_graph.analysis import METRICS, NETWORK_METRICS
from tsi_graph.cli import app
from tsi_graph.settings import Settings
from tsi_graph.texts import metrics_document

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command() -> None:
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert [name for name in names if f"tsi {name}" not in README] == []


def test_the_readme_names_every_setting() -> None:
    assert [name for name in Settings.model_fields if f"TSI_{name.upper()}" not in README] == []


def test_the_readme_has_every_metric_with_its_meaning() -> None:
    for name, metric in (METRICS | NETWORK_METRICS).items():
        assert f"| `{name}` | {metric.meaning} |" in README


def test_the_cards_are_those_of_the_code() -> None:
    """`make docs/metrics.md` writes them."""
    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == metrics_document()


def test_the_readme_names_every_endpoint() -> None:
    from api.app import create_app
    from tsi_graph.store import open_store

    paths = create_app(open_store("nowhere.db")).openapi()["paths"]
    assert [path for path in paths if path not in README] == []


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    [snippet] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    demo = [sys.executable, "-m", "tsi_graph.cli", "demo"]
    subprocess.run(demo, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    found = subprocess.run([sys.executable, "-c", snippet], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert b"comune-di-torino" in found.stdout


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "benchmarks/README.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [re.match(r"[A-Za-z0-9_-]+", line).group() for line in project["dependencies"]]  # type: ignore[union-attr]
    table = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## Dependencies")[1]
    assert [name for name in names if name not in table] == []


def test_publiccode_says_what_the_catalogue_asks() -> None:
    text = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    asked = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "legal"}
    assert asked <= text.keys()
    assert text["legal"]["license"] == "EUPL-1.2"
    for lang in ("it", "en"):
        words = text["description"][lang]
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_compose_keeps_the_password_out_and_checks_health() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    compose = yaml.safe_load(text)
    assert all("healthcheck" in service for service in compose["services"].values())
    assert compose["services"]["api"]["read_only"] is True
    assert "ports" not in compose["services"]["neo4j"]
    assert not re.search(r"PASSWORD:\s*\S|NEO4J_AUTH:", text)


def test_no_path_of_a_machine_and_no_registry_is_named() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if not any(files):
        pytest.skip("not a git checkout")
    forbidden = re.compile(
        "|".join((f"/{'work'}/", f"/{'root'}/", f"/{'tmp'}/", f"pypi{'.'}org", f"pythonhosted{'.'}org"))
    )
    texts = {f: (ROOT / f).read_text(encoding="utf-8", errors="ignore") for f in files if f and (ROOT / f).is_file()}
    found = {f: forbidden.search(text) for f, text in texts.items()}
    assert {f: m.group() for f, m in found.items() if m} == {}
