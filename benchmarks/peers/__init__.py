"""Other ways to solve the same problem, side by side with ours (benchmarks/README.md, "Peers")."""
