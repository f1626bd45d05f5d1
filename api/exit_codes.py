"""What a command's exit code says (docs/command-line.md)."""

DONE = 0
OUR_MISTAKE = 1
BAD_INPUT = 2
INFEASIBLE = 3
NO_PLAN_IN_TIME = 4
INTERRUPTED = 130
