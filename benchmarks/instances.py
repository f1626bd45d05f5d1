"""Every organisation that can be measured, by name."""

from __future__ import annotations

import fixtures
from benchmarks.random_organisations import random_organisation
from fixtures import scale
from models.organisation import Organisation

_RANDOM = "random:"


def load(name: str) -> Organisation:
    """An organisation by its name.

    Args:
        name: a fixture; one of `fixtures.scale`; or `random:SEED` for a random organisation of
            57 people and 3 teams, everybody eligible everywhere.

    Raises:
        KeyError: if there is none of that name; it lists those there are.
    """
    if name in scale.names():
        return scale.load(name)
    if is_random(name):
        return random_organisation(int(name.removeprefix(_RANDOM)))
    if name in fixtures.names():
        return fixtures.load(name)
    raise KeyError(f"No instance is named {name!r}; there are: {', '.join(names())}.")


def names() -> tuple[str, ...]:
    """The names of all, the random ones as one."""
    return (*fixtures.names(), f"{_RANDOM}SEED", *scale.names())


def is_one(name: str) -> bool:
    """Whether there is an instance of this name."""
    return name in names() or is_random(name)


def is_random(name: str) -> bool:
    """Whether it is the name of a random organisation."""
    return name.startswith(_RANDOM) and name.removeprefix(_RANDOM).isdecimal()
