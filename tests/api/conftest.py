"""The office as files, and a search that answers at once."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.main import main
from models import Organisation, Policy, Proposal
from tests.api.office import DATA, office_proposal

Answer = Callable[[Organisation, Policy], Proposal]

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "fixtures" / "example"


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


@pytest.fixture(scope="session")
def proposed_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's proposal, as `tiimi propose` writes it; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("proposed") / "base"
    assert main(["propose", str(EXAMPLE), "--out", str(folder), "--workers", "1"]) == 0
    return folder


@pytest.fixture
def example(proposed_example: Path, here: Path) -> Path:
    """The example's proposal in the folder `base` of the current folder."""
    return Path(shutil.copytree(proposed_example, here / "base"))


@pytest.fixture
def quick_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports without sections: for tests of what is beside them, as a whole one takes longest.

    What stands in one is looked at in `tests/report`.
    """
    sections = "summary changes teams timeline coverage interest network risks appendix"
    for section in sections.split():
        monkeypatch.setattr(f"api.report.page.{section}", lambda ground: None)
