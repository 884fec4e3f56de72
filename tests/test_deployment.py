"""The compose file and the image: pinned, not root, no secrets inside, limits, health checks, little published."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
BYTES = {"m": 2**20, "g": 2**30}


def test_the_database_is_the_version_that_the_tests_run() -> None:
    pom = (ROOT / "tests" / "neo4j" / "pom.xml").read_text(encoding="utf-8")
    [version] = set(re.findall(r"<version>(5\.\d+\.\d+)</version>", pom))
    assert SERVICES["neo4j"]["image"] == f"neo4j:{version}-community"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_is_held(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    assert int(str(service["user"]).partition(":")[0]) > 0
    assert {"test", "interval", "timeout", "retries", "start_period"} <= service["healthcheck"].keys()
    assert 0 < int(service["mem_limit"][:-1]) * BYTES[service["mem_limit"][-1]] <= 4 * 2**30
    assert service["restart"] == "unless-stopped"


def test_the_heap_and_the_cache_fit_the_memory_of_the_database() -> None:
    service = SERVICES["neo4j"]
    names = ("NEO4J_server_memory_heap_max__size", "NEO4J_server_memory_pagecache_size")
    sizes = [service["environment"][name] for name in names]
    assert sum(int(size[:-1]) * BYTES[size[-1]] for size in sizes) < 0.8 * int(service["mem_limit"][:-1]) * 2**20


def test_secrets_are_files_and_nowhere_else() -> None:
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if re.search("PASSWORD|AUTH|SECRET|TOKEN", name):
                assert name.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert not re.search("PASSWORD|SECRET|TOKEN", DOCKERFILE)
    for ignored in (".gitignore", ".dockerignore"):
        assert "secrets" in (ROOT / ignored).read_text(encoding="utf-8").replace("/", "").split()


def test_only_the_api_is_published_and_only_here() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["api"]["ports"])
    assert SERVICES["neo4j"]["networks"] == ["store"]
    assert COMPOSE["networks"]["store"] == {"internal": True}


def test_the_api_writes_nothing_but_temporary_files() -> None:
    api = SERVICES["api"]
    assert api["read_only"] is True
    assert [entry.partition(":")[0] for entry in api["tmpfs"]] == ["/tmp"]
    assert api["volumes"] == ["api-keys:/keys"]  # and the keys, with who has entered
    assert "TSI_KEYS=/keys/" in DOCKERFILE
    assert api["depends_on"] == {"neo4j": {"condition": "service_healthy"}}


def test_data_are_in_named_volumes() -> None:
    mounts = [mount.partition(":") for service in SERVICES.values() for mount in service.get("volumes", [])]
    assert {target for _, _, target in mounts} == {"/data", "/logs", "/keys"}
    assert {source for source, _, _ in mounts} == set(COMPOSE["volumes"])


def test_the_image_is_not_root() -> None:
    [user] = re.findall(r"^USER (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    assert user == SERVICES["api"]["user"]
    assert DOCKERFILE.index("USER ") < DOCKERFILE.index("CMD ")
    assert all(":" in image and not image.endswith(":latest") for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.M))


def test_the_document_names_what_there_is() -> None:
    for word in (
        *SERVICES,
        *COMPOSE["secrets"],
        *COMPOSE["networks"],
        "TSI_NEO4J_PASSWORD_FILE",
        "neo4j+s://",
        "## A cluster",
    ):
        assert word in DOCUMENT
