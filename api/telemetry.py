"""Figures for whoever runs the service: requests by route, the store, the cache; on a port of this machine alone.

Nothing is counted, and prometheus-client is not even imported, unless `serving` was asked for. Each worker counts in
files of its own in one folder, and the process that started them adds these up when it is asked.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_counted: dict[str, Any] | None = None


def begin() -> None:
    """Count from now on, in this process, if the one that started it serves what is counted."""
    global _counted
    if _counted is not None or FOLDER not in os.environ:
        return
    from prometheus_client import Counter, Histogram

    _counted = {
        "requests": Counter("tsi_requests_total", "Requests answered.", ("method", "route", "status")),
        "seconds": Histogram("tsi_request_seconds", "Time to answer.", ("route",), buckets=BUCKETS),
        "store": Histogram("tsi_store_seconds", "Time in which the store answers.", buckets=BUCKETS),
        "failures": Counter("tsi_store_failures_total", "Times when the store did not answer."),
        "cache": Counter("tsi_cache_total", "Answers that were kept, and those that were not.", ("found",)),
    }


BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 8.0)


def request(method: str, route: str, status: int, seconds: float) -> None:
    if _counted is not None:
        _counted["requests"].labels(method, route, str(status)).inc()
        _counted["seconds"].labels(route).observe(seconds)


def store(seconds: float | None) -> None:
    """The store answered within so many seconds; or None: it did not."""
    if _counted is not None:
        if seconds is None:
            _counted["failures"].inc()
        else:
            _counted["store"].observe(seconds)


def cache(*, found: bool) -> None:
    if _counted is not None:
        _counted["cache"].labels("yes" if found else "no").inc()


def serving(port: int) -> None:
    """Answer at http://127.0.0.1:port/metrics what this process and those that it starts have counted."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="tsi-metrics-")
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    start_http_server(port, "127.0.0.1", registry)
