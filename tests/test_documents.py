"""The documents say what the code does: names, settings, metrics, routes, snippets, no machine of ours."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml

from tests.conftest import ROOT
from tsi_graph.analysis import METRICS, NETWORK_METRICS
from tsi_graph.cli import app
from tsi_graph.settings import Settings
from tsi_graph.texts import metrics_document

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
"""The pages of the site; each sort of thing has its place: README.md, or the page that is named in its test."""


def test_the_readme_and_the_questions_name_every_command() -> None:
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    names += [str(group.name or group.typer_instance.info.name) for group in app.registered_groups]  # type: ignore[union-attr]
    assert [name for name in names if f"tsi {name}" not in README + PAGES["questions.md"]] == []


def test_the_settings_name_every_setting() -> None:
    assert [name for name in Settings.model_fields if f"TSI_{name.upper()}" not in PAGES["settings.md"]] == []


def test_the_metrics_have_every_metric_with_its_meaning() -> None:
    for name, metric in (METRICS | NETWORK_METRICS).items():
        assert f"| [`{name}`](#{name}) | {metric.meaning} |" in PAGES["metrics.md"]


def test_the_cards_are_those_of_the_code() -> None:
    """`make docs/metrics.md` writes them."""
    assert PAGES["metrics.md"] == metrics_document()


def test_the_questions_name_every_endpoint() -> None:
    from api.app import create_app
    from tsi_graph.store import open_store

    paths = create_app(open_store("nowhere.db")).openapi()["paths"]
    assert [path for path in paths if path not in PAGES["questions.md"]] == []


def test_the_readme_is_one_screen_and_a_table() -> None:
    assert README.count("\n") <= 90
    assert [line for line in README.split("\n") if line.startswith("```python")] == ["```python"]


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "benchmarks/README.md"])
def test_links_lead_somewhere(name: str) -> None:
    assert [link for link in links((ROOT / name).read_text(encoding="utf-8")) if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_links_of_a_page_stay_within_the_site(name: str) -> None:
    assert [link for link in links(PAGES[name]) if not (ROOT / "docs" / link).exists() or "/" in link] == []


def test_every_page_is_in_the_menu() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert sorted(re.findall(r": (\S+\.md)$", text, re.MULTILINE)) == sorted(PAGES)


def links(text: str) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in link]


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
