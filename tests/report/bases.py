"""Proposals to report: by hand, awkward on purpose, of a city, and many people at once."""

from __future__ import annotations

import copy
from typing import Any

from api.base import BaseFolder
from fixtures import load
from models import Organisation, Plan, Policy, Proposal
from models.policy import Level
from models.reading import organisation_from
from optimizer import propose
from tests.api.office import DATA, office, office_plan, office_proposal

LONG_WORD = "ylilääninneuvostotarkastajakoulutussuunnittelija" * 5
LONG_TITLE = "hallinto- ja talouspalvelujen erityisasiantuntija ja kehittämispäällikkö " * 10
SCRIPT = '<script>alert("Åbo")</script> & Äänekoski, Öja'
KINDS = ("skills", "teams", "employees", "tasks", "rules")
IMAGE = '<img src=x onerror="alert(1)">'


def base_of(organisation: Organisation, proposal: Proposal) -> BaseFolder:
    return BaseFolder(organisation, Policy(), proposal, Policy(), {})


def office_base() -> BaseFolder:
    return base_of(office(), office_proposal(office()))


def awkward_data() -> dict[str, Any]:
    """The office with names that break a page which does not expect them."""
    data = copy.deepcopy(DATA)
    people = {e["id"]: e for e in data["employees"]}
    data["name"] = SCRIPT
    data["teams"][0]["name"] = "Talous- ja henkilöstöpalvelut, hankinta ja varasto " * 4
    data["teams"].append(
        {"id": "tyhjä", "name": "Tyhjä <i>tiimi</i>", "size": {"min": 0, "max": 3}}
    )
    people["E1"]["title"] = f"{IMAGE} 'Å' \"Ä\" $5 $6 \u202e\u0007 😀"
    people["E2"]["title"] = LONG_WORD
    people["E3"]["title"] = LONG_TITLE
    people["E3"]["skills"] = {}
    people["E3"]["needs_substitute"] = False
    people["E4"]["title"] = "Åke Ärlig-Öhman"
    data["tasks"][0]["name"] = IMAGE
    data["tasks"][1]["name"] = "Lupapäätökset ja niiden valvonta kaikilla alueilla " * 6
    data["tasks"][2]["name"] = "M" * 200
    return data


def awkward_base() -> BaseFolder:
    organisation = organisation_from(awkward_data())
    plan = office_plan(organisation)
    pairs = tuple(s for s in plan.substitutes if s.principal != "E3")
    plan = plan.model_copy(update={"substitutes": pairs})
    return base_of(organisation, office_proposal(organisation, plan=plan))


def city_base() -> BaseFolder:
    """57 people; only the statutory level is solved, so much else is bad, and found at once."""
    policy = Policy(levels=(Level(name="statutory", goals={"authority_gap": 1}),))
    organisation = load("jamsa-2018")
    proposal = propose(organisation, policy, time_limit=120, workers=1)
    return BaseFolder(organisation, policy, proposal, policy, {})


def crowd_base(copies: int = 31) -> BaseFolder:
    """The office so many times over: six people, two teams and three tasks each."""
    data: dict[str, Any] = {key: [] for key in KINDS}
    for number in range(copies):
        for kind, rows in data.items():
            rows += [_numbered(row, number) for row in copy.deepcopy(DATA[kind])]
    organisation = organisation_from(DATA | data)
    parts = [_plan_numbered(number) for number in range(copies)]
    whole = {
        name: tuple(row for part in parts for row in getattr(part, name))
        for name in Plan.model_fields
    }
    return base_of(organisation, office_proposal(organisation, plan=Plan(**whole)))


def _numbered(value: Any, number: int) -> Any:
    """The same with every id of a team, person, task or rule numbered."""
    ids = {row["id"] for kind in KINDS for row in DATA[kind]}
    if isinstance(value, dict):
        return {_numbered(k, number): _numbered(v, number) for k, v in value.items()}
    if isinstance(value, list):
        return [_numbered(v, number) for v in value]
    return f"{value}-{number}" if isinstance(value, str) and value in ids else value


def _plan_numbered(number: int) -> Plan:
    return Plan.model_validate(_numbered(office_plan(office()).model_dump(mode="json"), number))
