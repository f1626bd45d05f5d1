"""Events of a scenario that fit an option of the command line: ``--leaves E17@2020-03-01``."""

from __future__ import annotations

PATTERNS: dict[str, tuple[str, str]] = {
    "leaves": (r"(?P<employee>.+)@(?P<date>[^@]+)", "EMPLOYEE@DATE"),
    "stays": (r"(?P<employee>.+)", "EMPLOYEE"),
    "absent": (r"(?P<employee>.+)@(?P<start>[^@]+?)\.\.(?P<end>[^@]+)", "EMPLOYEE@START..END"),
    "learns": (r"(?P<employee>.+):(?P<skill>.+):(?P<level>\d+)", "EMPLOYEE:SKILL:LEVEL"),
    "task_ends": (r"(?P<task>.+)@(?P<date>[^@]+)", "TASK@DATE"),
    "demand": (r"(?P<team>.+):(?P<people>\d+)@(?P<from>[^@]+)", "TEAM:PEOPLE@FROM"),
    "drop_rule": (r"(?P<id>.+)", "RULE"),
}
"""Events that fit an option: how they are written, and how that is shown."""

OPTIONS: dict[str, str] = {kind: shown for kind, (_, shown) in PATTERNS.items()}


EXAMPLES = {
    "leaves": "E17@2020-03-01",
    "stays": "E03",
    "absent": "E17@2020-03-01..2020-09-01",
    "learns": "E17:payroll:2",
    "task_ends": "T04@2020-03-01",
    "demand": "service:5@2020-03-01",
    "drop_rule": "R1",
}
"""An example of each, for who wrote one wrong."""
