"""How to find a plan, explain it, and say what it risks."""
