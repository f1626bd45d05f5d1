"""Forms of bodies and answers, and which of them a request asks for."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from api.service.problems import Problem

JSON = "application/json"
JSON_LINES = "application/jsonl"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = "text/html"
PDF = "application/pdf"
TOML = "application/toml"
EVENTS = "text/event-stream"
PLAIN = "text/plain"


def content_type(request: Request) -> str:
    """The form of a request's body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def negotiated(request: Request, offered: Sequence[str]) -> str:
    """Of the forms offered, the one that the request likes best; the first of equals.

    Raises:
        Problem: `not_acceptable`.
    """
    ranges = _ranges(",".join(request.headers.getlist("accept")))
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda form: _liking(form, ranges))
    if _liking(best, ranges) <= 0:
        raise Problem("not_acceptable", f"Offered: {', '.join(offered)}.")
    return best


async def acceptable(request: Request) -> None:
    """A dependency: the request takes one of the forms that its route describes.

    Raises:
        Problem: `not_acceptable`.
    """
    negotiated(request, offers_of(request))


def offers_of(request: Request) -> tuple[str, ...]:
    """The forms in which the route of a request answers, as it describes itself."""
    responses = getattr(request.scope.get("route"), "responses", {})
    good = [answer for status, answer in responses.items() if str(status).startswith("2")]
    return tuple(form for answer in good for form in answer.get("content", ())) or (JSON,)


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in filter(None, (p.strip().lower() for p in accept.split(","))):
        name, *parameters = (x.strip() for x in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            found.append((name, float(quality)))
        except ValueError:
            found.append((name, 0.0))
    return found


def _liking(form: str, ranges: Sequence[tuple[str, float]]) -> float:
    """How much a form is liked: by the most specific range that names it."""
    for name in (form, f"{form.partition('/')[0]}/*", "*/*"):
        for asked, quality in ranges:
            if asked == name:
                return quality
    return 0.0
