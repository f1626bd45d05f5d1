"""All routes: who may, what they answer, and what to strangers."""

from dataclasses import dataclass
from typing import Any

from tests.api.office import DATA, START

SCENARIO = {"effective": START.isoformat()}
WISH = {"kind": "team", "employee": "E3", "of": "hallinto"}


@dataclass(frozen=True)
class Route:
    """A request: the least role it takes, what it answers, and what it answers to strangers.

    `{organisation}`, `{proposal}`, `{question}` stand for ids, in the path and in the body.
    """

    method: str
    path: str
    role: str | None
    status: int
    strangers: int
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


ROUTES = [
    Route("POST", "/v1/organisations", "planner", 201, 201, DATA),
    Route("GET", "/v1/organisations", "viewer", 200, 200),
    Route("GET", "/v1/organisations/{organisation}", "viewer", 200, 404),
    Route("GET", "/v1/organisations/{organisation}/sheet", "viewer", 200, 404),
    Route("GET", "/v1/organisations/{organisation}/risk", "viewer", 200, 404),
    Route("POST", "/v1/demo-data", "planner", 201, 201, {"name": "example"}),
    Route("POST", "/v1/proposals", "planner", 202, 404, {"organisation": "{organisation}"}),
    Route("GET", "/v1/proposals", "viewer", 200, 200),
    Route("GET", "/v1/proposals/{proposal}", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/request", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/organisation", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/plan", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/result", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/sheet", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/risk", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/report", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/people/{person}/sheet", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/conflicts", "viewer", 200, 404),
    Route("GET", "/v1/proposals/{proposal}/events", "viewer", 200, 404),
    Route("POST", "/v1/proposals/{proposal}/stop", "planner", 202, 404),
    Route("POST", "/v1/proposals/{proposal}/what-if", "planner", 202, 404, {"scenario": SCENARIO}),
    Route("GET", "/v1/proposals/{proposal}/difference/{other}", "viewer", 200, 404),
    Route("POST", "/v1/proposals/{proposal}/why", "planner", 202, 404, {"wishes": [WISH]}),
    Route("POST", "/v1/proposals/{proposal}/alternatives", "planner", 202, 404, {}),
    Route("GET", "/v1/questions/{question}", "viewer", 200, 404),
    Route("POST", "/v1/questions/{question}/stop", "planner", 202, 404),
    Route("POST", "/v1/check", "viewer", 200, 404, {"organisation": "{organisation}", "plan": {}}),
    Route("GET", "/v1/policy", "viewer", 200, 200),
    Route(
        "POST",
        "/v1/proposals/{proposal}/decision",
        "approver",
        201,
        404,
        {"decision": "accept", "reason": "Heard."},
    ),
    Route("GET", "/v1/proposals/{proposal}/decisions", "viewer", 200, 404),
    Route("GET", "/v1/people/{person}/export", "admin", 200, 404),
    Route("DELETE", "/v1/people/{person}", "admin", 200, 404),
    Route("GET", "/v1/audit", "admin", 200, 200),
    Route("GET", "/health", None, 200, 200),
    Route("GET", "/ready", None, 200, 200),
    Route("GET", "/metrics", None, 200, 200),
]


def filled(template: Any, ids: dict[str, str]) -> Any:
    """A path or body with ids in their places."""
    if isinstance(template, str):
        for name, value in ids.items():
            template = template.replace(f"{{{name}}}", value)
        return template
    if isinstance(template, dict):
        return {key: filled(value, ids) for key, value in template.items()}
    return template
