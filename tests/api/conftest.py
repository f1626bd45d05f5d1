"""The office as files, and a search that answers at once."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models import Organisation, Policy, Proposal
from tests.api.office import DATA, office_proposal

Answer = Callable[[Organisation, Policy], Proposal]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIIMI_DEBUG", raising=False)
    return tmp_path


@pytest.fixture
def office_file(here: Path) -> Path:
    path = here / "office.json"
    path.write_text(json.dumps(DATA), encoding="utf-8")
    return path


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], dict[str, Any]]:
    """Replaces the search by a function; gives back what the search was asked for."""

    def use(make: Answer) -> dict[str, Any]:
        asked: dict[str, Any] = {}

        def propose(organisation: Organisation, policy: Policy, **options: Any) -> Proposal:
            asked.update(options, organisation=organisation, policy=policy)
            assert isinstance(options["stop"], threading.Event)
            return make(organisation, policy)

        monkeypatch.setattr("optimizer.propose", propose)
        return asked

    return use


@pytest.fixture
def known_answer(answer: Callable[[Answer], dict[str, Any]]) -> dict[str, Any]:
    """The search finds the office's plan."""
    return answer(office_proposal)
