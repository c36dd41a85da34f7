"""Membership: join by consent, settings, and leave. Nobody joins or leaves for someone else."""

from bot.features.members import admission, handlers, organizations, writings
from bot.features.members.feature import feature

__all__ = ["admission", "feature", "handlers", "organizations", "writings"]
