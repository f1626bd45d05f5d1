"""The part of the problem that group formers know: teams of one size, diversity, wishes."""

from __future__ import annotations

from models.facts import Facts
from models.organisation import Organisation, Size
from models.policy import Policy


def placement_part(organisation: Organisation) -> Organisation:
    """The people in service and the teams, everybody there from the first day.

    Teams are as equal in size as can be and without leads, everybody is eligible everywhere,
    nobody needs a substitute; there are no tasks, needs, demands and rules. What is left to
    decide is who is in which team.
    """
    people = Facts(organisation, Policy()).employees
    least, over = divmod(len(people), len(organisation.teams))
    size = Size(min=least, max=least + (over > 0))
    return organisation.model_copy(
        update={
            "teams": tuple(
                team.model_copy(
                    update={"size": size, "lead": False, "leader": None, "demand": (), "needs": ()}
                )
                for team in organisation.teams
            ),
            "employees": tuple(
                employee.model_copy(
                    update={
                        "joins": None,
                        "absences": (),
                        "wants": tuple(e for e in employee.wants if e in people),
                        "avoids": tuple(e for e in employee.avoids if e in people),
                        "eligible_teams": None,
                        "substitute": None,
                        "needs_substitute": False,
                    }
                )
                for employee in people.values()
            ),
            "tasks": (),
            "rules": (),
        }
    )
