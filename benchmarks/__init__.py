"""Runs on the fixtures, measured and reported."""
