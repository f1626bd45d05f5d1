"""The routes of the service, a module for each kind of resource (docs/integrators.md)."""

from fastapi import APIRouter

from api.service.routes import (
    audit,
    checks,
    decisions,
    documents,
    events,
    operations,
    organisations,
    people,
    proposals,
    questions,
    sheets,
    what_ifs,
)

ROUTERS: tuple[APIRouter, ...] = (
    organisations.router,
    proposals.router,
    events.router,
    what_ifs.router,
    questions.router,
    sheets.router,
    documents.router,
    checks.router,
    decisions.router,
    people.router,
    audit.router,
    operations.router,
)
"""All of them, in the order of the document."""
