"""What the examples of the OpenAPI document are about: ids, and a small organisation.

A test stores the organisation `fixtures/example` and its proposals under these ids, and runs
every example there is.
"""

from __future__ import annotations

from typing import Any

ORGANISATION = "0199a4d2c3e5a1b2c3d4e5f60718293a"
PROPOSAL = "0199a4d2f0a7b1c2d3e4f5061728394a"
WHAT_IF = "0199a4d31b2cc1d2e3f405162738495a"
QUESTION = "0199a4d3a0fed1e2f3041526374859aa"
PERSON = "E3"
KEY = "5c1f1d5e-office-autumn"

SMALL_ORGANISATION: dict[str, Any] = {
    "name": "Library of a small town (invented)",
    "horizon": {"start": "2026-09-01", "end": "2029-01-01"},
    "skills": [{"id": "lending"}, {"id": "permits", "name": "Event permits"}],
    "teams": [
        {"id": "desk", "name": "Desk", "size": {"min": 1, "max": 3}},
        {"id": "events", "name": "Events", "size": {"min": 1, "max": 3}},
    ],
    "employees": [
        {"id": "L1", "skills": {"lending": 3}, "interest": {"desk": 2}},
        {
            "id": "L2",
            "skills": {"permits": 2, "lending": 1},
            "office_holder": True,
            "leaves": {"date": "2027-06-01", "reason": "retirement", "source": "forecast"},
        },
        {"id": "L3", "skills": {"permits": 2}, "office_holder": True, "interest": {"events": 2}},
    ],
    "tasks": [
        {
            "id": "T1",
            "name": "Permits for events",
            "kind": "authority",
            "skill": "permits",
            "level": 2,
            "holder": "L2",
            "handover_days": 60,
        }
    ],
}

SMALL_PLAN: dict[str, Any] = {
    "placements": [
        {"employee": "L1", "team": "desk", "start": "2026-09-01", "end": "2029-01-01"},
        {"employee": "L2", "team": "events", "start": "2026-09-01", "end": "2027-06-01"},
        {"employee": "L3", "team": "events", "start": "2026-09-01", "end": "2029-01-01"},
    ],
    "leads": [
        {"team": "desk", "employee": "L1"},
        {"team": "events", "employee": "L3"},
    ],
    "holders": [
        {
            "task": "T1",
            "team": "events",
            "employee": "L2",
            "start": "2026-09-01",
            "end": "2027-06-01",
        },
        {
            "task": "T1",
            "team": "events",
            "employee": "L3",
            "start": "2027-06-01",
            "end": "2029-01-01",
        },
    ],
    "substitutes": [],
}

PLACED_BY_HAND: dict[str, Any] = {
    "placements": [
        {"employee": "E6", "team": "economy", "start": "2026-09-01", "end": "2029-01-01"}
    ]
}

SCENARIO: dict[str, Any] = {
    "name": "E3 leaves a year early",
    "effective": "2026-09-01",
    "events": [{"kind": "leaves", "employee": "E3", "date": "2027-06-01"}],
}
