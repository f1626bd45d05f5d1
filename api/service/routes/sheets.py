"""A proposal to be read by people: as a workbook, or why there is no plan."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from api import output
from api.conflicts import Explainer
from api.policy_file import written_policy
from api.service import audit, plans, stored
from api.service.answers import held_before_of, organisation_of, solved_policy_of
from api.service.asking import Viewer
from api.service.describing import KNOWN, files, refusals
from api.service.media import XLSX, acceptable
from api.service.paths import Language, ProposalId
from api.service.schemas.answers import ConflictsShown, RuleTold, WayOut
from api.texts import Texts
from api.view import View
from models.reading import policy_from

router = APIRouter(prefix="/v1", tags=["proposals"], dependencies=[Depends(acceptable)])


@router.get(
    "/proposals/{proposal}/sheet",
    responses=files("The workbook that `tiimi propose` writes (docs/command-line.md).", XLSX)
    | refusals(*KNOWN, "not_found", "conflict", "invalid"),
    response_class=Response,
)
def sheet(by: Viewer, proposal: ProposalId, language: Language = "en") -> Response:
    """The proposal as a workbook to read, print and change by hand. Role: viewer."""
    # Loaded where it is used: the service starts without what writes spreadsheets.
    from api.workbook import workbook_of

    with by.session() as session:
        job = stored.proposal(session, by.owner, proposal)
        found = stored.settled(job)
        content = stored.content_of(session, job)
        audit.record(session, by.identity, "read", f"proposals/{job.id}/sheet")
        session.commit()
    texts = Texts(language)
    organisation = organisation_of(job, content)
    view = View(organisation, solved_policy_of(job), found, held_before_of(job))
    others = {
        output.PROPOSAL: output.json_bytes(found.to_dict()),
        output.ORGANISATION: output.json_bytes(organisation.to_dict()),
        output.POLICY: written_policy(policy_from(job.policy), texts).encode(),
    }
    headers = {"Content-Disposition": f'attachment; filename="proposal-{job.id}.xlsx"'}
    return Response(workbook_of(view, texts, others), media_type=XLSX, headers=headers)


@router.get(
    "/proposals/{proposal}/conflicts",
    responses=refusals(*KNOWN, "not_found", "conflict", "invalid"),
)
def conflicts(by: Viewer, proposal: ProposalId, language: Language = "en") -> ConflictsShown:
    """Which rules cannot hold together, and what to give up instead. Role: viewer."""
    with by.session() as session:
        job = stored.proposal(session, by.owner, proposal)
        found = stored.finished(job)
        facts = plans.facts_of(session, job)
        audit.record(session, by.identity, "read", f"proposals/{job.id}/conflicts")
        session.commit()
    explainer = Explainer(facts.organisation, facts.policy, Texts(language), facts.held_before)

    def told(rules: tuple[str, ...]) -> tuple[RuleTold, ...]:
        return tuple(RuleTold(rule=name, sentence=explainer.sentence(name)) for name in rules)

    return ConflictsShown(
        conflicts=told(found.conflicts),
        minimal_conflicts=tuple(map(told, found.minimal_conflicts)),
        relaxations=tuple(WayOut(weight=x.weight, rules=told(x.rules)) for x in found.relaxations),
        conflicts_complete=found.conflicts_complete or found.status in stored.WITH_PLAN,
    )
