"""The events of a scenario in sentences."""

from __future__ import annotations

from api.names import Names
from api.texts import Texts
from models.scenario import (
    Absent,
    AddRule,
    DemandStep,
    DropRule,
    Event,
    Joins,
    Learns,
    Leaves,
    Stays,
    TaskEnds,
    TaskStarts,
)


def event_sentence(event: Event, names: Names, texts: Texts) -> str:
    """What happens, in a sentence."""
    said: dict[str, object] = {}
    match event:
        case Leaves():
            said = {"person": names.person(event.employee), "date": event.date}
        case Stays():
            said = {"person": names.person(event.employee)}
        case Absent():
            said = {
                "person": names.person(event.employee),
                "start": event.start,
                "end": event.end,
            }
        case Joins():
            hire = event.employee
            said = {"person": f"{hire.id} {hire.title or ''}".rstrip()}
        case Learns():
            said = {
                "person": names.person(event.employee),
                "skill": names.skill(event.skill),
                "level": event.level,
            }
        case TaskStarts():
            said = {"task": f"{event.task.id} {event.task.name or ''}".rstrip()}
        case TaskEnds():
            said = {"task": names.task(event.task), "date": event.date}
        case DemandStep():
            said = {
                "team": names.team(event.team),
                "people": texts.count("person", event.people),
                "start": event.from_,
            }
        case AddRule():
            said = {"rule": f"{event.rule.id} ({event.rule.kind})"}
        case DropRule():
            said = {"rule": event.id}
    return texts(f"event.{event.kind}", **said)
