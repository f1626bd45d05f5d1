"""Every organisation that can be measured, by name."""

from __future__ import annotations

import fixtures
from benchmarks.placement_part import placement_part
from benchmarks.random_organisations import random_organisation
from fixtures import scale
from models.organisation import Organisation

_RANDOM = "random:"
_PLACEMENT = "placement:"


def load(name: str) -> Organisation:
    """An organisation by its name.

    Args:
        name: a fixture; one of `fixtures.scale`; or `random:SEED` for a random organisation of
            57 people and 3 teams, everybody eligible everywhere; or `placement:NAME` for the part
            of another one that is about placements alone (`benchmarks.placement_part`).

    Raises:
        KeyError: if there is none of that name; it lists those there are.
    """
    if name.startswith(_PLACEMENT):
        return placement_part(load(name.removeprefix(_PLACEMENT)))
    if name in scale.names():
        return scale.load(name)
    if is_random(name):
        return random_organisation(int(name.removeprefix(_RANDOM)))
    if name in fixtures.names():
        return fixtures.load(name)
    raise KeyError(f"No instance is named {name!r}; there are: {', '.join(names())}.")


def names() -> tuple[str, ...]:
    """The names of all, the random ones as one, and the parts."""
    return (*fixtures.names(), f"{_RANDOM}SEED", *scale.names(), f"{_PLACEMENT}NAME")


def is_one(name: str) -> bool:
    """Whether there is an instance of this name."""
    whole = name.removeprefix(_PLACEMENT)
    return whole in (*fixtures.names(), *scale.names()) or is_random(whole)


def is_random(name: str) -> bool:
    """Whether it is the name of a random organisation."""
    return name.startswith(_RANDOM) and name.removeprefix(_RANDOM).isdecimal()
