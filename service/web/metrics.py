"""Numbers for Prometheus: requests, drafts, findings, time. No label holds what a customer can choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.domain import Reply

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one app, in a registry of its own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._registry = CollectorRegistry()
        self._requests = Counter(
            "amends_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "amends_request_seconds", "Seconds a request took.", ("route",), buckets=SECONDS, registry=self._registry
        )
        self._drafts = Counter("amends_drafts", "Drafts written.", ("model", "ready"), registry=self._registry)
        self._findings = Counter("amends_findings", "Findings in drafts.", ("check",), registry=self._registry)
        self._degraded = Counter(
            "amends_degraded_replies",
            "Replies that another writer than the one asked for wrote.",
            registry=self._registry,
        )

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request; unusual methods share a label."""
        known = method if method in {"GET", "POST", "HEAD", "OPTIONS"} else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def reply(self, reply: Reply) -> None:
        """Count one reply and its drafts."""
        for draft in reply.drafts:
            self._drafts.labels(draft.draft.model, str(draft.ready).lower()).inc()
            for finding in draft.findings:
                self._findings.labels(finding.check).inc()
        if reply.degraded:
            self._degraded.inc()

    def page(self) -> tuple[bytes, str]:
        """Everything as Prometheus reads it, and its media type."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self._registry), CONTENT_TYPE_LATEST
