"""Alembic's: every version of the tables, one after the other."""
