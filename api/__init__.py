"""The ways in: HTTP service and command line. Translation only, no planning."""
