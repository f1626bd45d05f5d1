"""Errors as RFC 9457 problem documents with stable codes (docs/integrators.md lists them)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.issues import Issue

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its HTTP status and a title that stays the same."""

    status: int
    title: str


KINDS: dict[str, Kind] = {
    "bad_request": Kind(400, "The request cannot be read"),
    "unauthenticated": Kind(401, "A valid bearer token is needed"),
    "forbidden": Kind(403, "The role of this token does not allow it"),
    "not_found": Kind(404, "There is no such thing here"),
    "method_not_allowed": Kind(405, "This cannot be done with this resource"),
    "not_acceptable": Kind(406, "None of the forms asked for is offered"),
    "conflict": Kind(409, "The state of the resource does not allow it"),
    "key_used": Kind(409, "The idempotency key came with another request"),
    "gone": Kind(410, "It is over: there will be no more events"),
    "too_large": Kind(413, "The body is too large"),
    "unsupported_media_type": Kind(415, "This form of body is not read here"),
    "invalid": Kind(422, "The input has errors"),
    "too_many_logins": Kind(429, "Too many failed logins"),
    "queue_full": Kind(429, "As many solves wait as may"),
    "busy": Kind(429, "As many documents wait to be made as may"),
    "internal": Kind(500, "A mistake of tiimi's own"),
    "not_ready": Kind(503, "The service is not ready"),
    "too_slow": Kind(503, "It took longer than it may"),
}
"""By code, every problem there is."""


class Problem(Exception):  # noqa: N818 (the name the standard gives it)
    """A request that is answered with a problem document.

    Attributes:
        code: one of `KINDS`.
        detail: what is wrong this time.
        issues: of an input, every finding.
        headers: to be sent with it.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        issues: Sequence[Issue] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail
        self.issues = tuple(issues)
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.code].status

    def document(self, instance: str) -> dict[str, Any]:
        """The problem document, for the path that was asked for."""
        kind = KINDS[self.code]
        document: dict[str, Any] = {
            "type": f"urn:tiimi:problem:{self.code}",
            "title": kind.title,
            "status": kind.status,
            "code": self.code,
            "instance": instance,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.issues:
            document["issues"] = [
                {"code": i.code, "place": i.place, "message": i.message, "cure": i.cure}
                for i in self.issues
            ]
        return document
