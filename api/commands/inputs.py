"""Reading what several commands are given: an organisation and a policy."""

from __future__ import annotations

from pathlib import Path

from api.policy_file import read_policy
from models.issues import InputError, Issue
from models.organisation import Organisation
from models.policy import Policy
from models.tables import read_organisation


def read_inputs(source: Path, policy_file: Path | None) -> tuple[Organisation, Policy]:
    """An organisation, and the policy it is planned under: by default the default one.

    Raises:
        InputError: with every issue of both.
    """
    issues: list[Issue] = []
    policy: Policy | None = None
    try:
        policy = read_policy(policy_file) if policy_file else Policy()
    except InputError as error:
        issues += error.issues
    try:
        organisation = read_organisation(source, policy)
    except InputError as error:
        issues += error.issues
    if issues or policy is None:
        raise InputError(issues)
    return organisation, policy
