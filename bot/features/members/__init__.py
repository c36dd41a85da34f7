"""Membership: join by consent, settings, and leave. Nobody joins or leaves for someone else."""

from bot.features.members import handlers, organizations
from bot.features.members.feature import feature

__all__ = ["feature", "handlers", "organizations"]
