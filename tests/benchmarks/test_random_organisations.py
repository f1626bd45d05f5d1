"""The random organisations are reproducible."""

from benchmarks.random_organisations import random_organisation


def test_random_organisations_are_reproducible() -> None:
    one = random_organisation(1)
    assert one == random_organisation(1)
    assert one != random_organisation(2)
    assert (len(one.employees), len(one.teams), len(one.tasks)) == (57, 3, 34)
    assert all(e.eligible_teams is None for e in one.employees)
    few = random_organisation(1, people=20, teams=4, eligible=2)
    assert all(len(e.eligible_teams or ()) == 2 for e in few.employees)
