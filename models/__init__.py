"""The vocabulary: what goes in, what a plan is, what makes it valid, what it costs.

Plain Python and pydantic; loads no solver. Tables (CSV, XLSX) are `models.tables`.
"""

from models.evaluation import Evaluation, evaluate
from models.facts import Facts
from models.goals import GOALS, Match
from models.issues import InputError, Issue
from models.organisation import Employee, Organisation, Skill, Task, Team
from models.plan_index import Violation
from models.policy import GOAL_NAMES, Level, Policy
from models.proposal import Plan, Proposal
from models.rules import RULES

__all__ = [
    "GOALS",
    "GOAL_NAMES",
    "RULES",
    "Employee",
    "Evaluation",
    "Facts",
    "InputError",
    "Issue",
    "Level",
    "Match",
    "Organisation",
    "Plan",
    "Policy",
    "Proposal",
    "Skill",
    "Task",
    "Team",
    "Violation",
    "evaluate",
]
