"""Whatever the organisation, its proposal is shown, written and read back the same."""

import json
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings

from api.plan_reading import read_plan
from api.policy_file import read_policy, written_policy
from api.summary import summary
from api.texts import Texts
from api.view import View
from api.workbook import workbook_of
from models import Facts, Organisation, Policy
from models.organisation import Horizon, Size
from optimizer import propose
from tests.strategies import organisations

TEXTS = Texts()
HORIZON = Horizon(start=date(1990, 1, 1), end=date(2030, 1, 1))
MANY = Policy(interest_cost={grade: abs(grade) for grade in (*range(-3, 4), -1_000_000, 1_000_000)})


def roomy(organisation: Organisation) -> Organisation:
    """The same with room for everybody, so that there is a plan."""
    size = Size(min=0, max=9)
    teams = tuple(t.model_copy(update={"size": size, "lead": False}) for t in organisation.teams)
    employees = tuple(
        e.model_copy(update={"joins": None, "eligible_teams": None}) for e in organisation.employees
    )
    fields = {"teams": teams, "employees": employees, "rules": (), "horizon": HORIZON}
    return organisation.model_copy(update=fields)


def has_plan(organisation: Organisation) -> bool:
    return bool(organisation.teams and organisation.employees)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(organisation=organisations().map(roomy).filter(has_plan))
def test_a_proposal_survives_every_form(tmp_path: Path, organisation: Organisation) -> None:
    proposal = propose(organisation, MANY, workers=1, time_limit=30)
    assume(proposal.status == "optimal")
    view = View(organisation, MANY, proposal)
    assert view.evaluation.violations == ()
    for line in summary(view, TEXTS, stopped=False):
        assert line.isprintable()
    facts = Facts(organisation, MANY)
    (tmp_path / "plan.xlsx").write_bytes(workbook_of(view, TEXTS, {}))
    claimed = read_plan(tmp_path / "plan.xlsx", facts)
    assert claimed.plan == proposal.plan
    assert claimed.costs == view.evaluation.costs
    assert claimed.corrected == ()
    (tmp_path / "plan.json").write_text(json.dumps(proposal.to_dict()), encoding="utf-8")
    claimed = read_plan(tmp_path / "plan.json", facts)
    assert claimed.plan == proposal.plan
    assert claimed.gaps == view.evaluation.gaps


def test_a_policy_of_many_grades_survives(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(written_policy(MANY, TEXTS), encoding="utf-8")
    assert read_policy(tmp_path / "policy.toml") == MANY
