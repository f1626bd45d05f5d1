"""How to find a plan and prove it: the model, the levels, the conflicts."""

from optimizer.conflicts import SolverError as InternalError
from optimizer.known import Progress
from optimizer.propose import propose

__all__ = ["InternalError", "Progress", "propose"]
