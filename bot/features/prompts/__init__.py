"""Reflection prompts: questions about practice between meetings, from a bank or in a facilitator's own words."""

from bot.features.prompts import handlers, own_prompts, proposals, writings
from bot.features.prompts.feature import feature

__all__ = ["feature", "handlers", "own_prompts", "proposals", "writings"]
