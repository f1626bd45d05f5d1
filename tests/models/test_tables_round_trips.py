"""The three forms hold the same: whatever is written is read back, through any chain."""

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.organisation import Organisation
from models.reading import organisation_from
from models.tables import read_organisation, write_organisation
from tests.strategies import organisations

FORMS = ("folder", "staff.xlsx", "staff.json")
patiently = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])


@given(organisation=organisations())
@patiently
def test_the_strategy_makes_valid_organisations(organisation: Organisation) -> None:
    assert organisation_from(organisation.to_dict()) == organisation


@pytest.mark.parametrize("form", FORMS)
@given(organisation=organisations())
@patiently
def test_what_is_written_is_read_back(form: str, organisation: Organisation) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / form
        write_organisation(organisation, path)
        again = read_organisation(path)
    assert again == organisation
    assert again.sha256() == organisation.sha256()


@given(organisation=organisations(), chain=st.sampled_from(list(itertools.permutations(FORMS))))
@settings(patiently, max_examples=10)
def test_any_chain_of_forms_loses_nothing(
    organisation: Organisation, chain: tuple[str, ...]
) -> None:
    with TemporaryDirectory() as folder:
        current = organisation
        for form in chain:
            write_organisation(current, Path(folder) / form)
            current = read_organisation(Path(folder) / form)
    assert current == organisation
