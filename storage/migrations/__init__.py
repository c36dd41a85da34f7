"""Alembic migrations, in order of their numbers."""
