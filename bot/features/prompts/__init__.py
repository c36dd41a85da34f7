"""Reflection prompts: one question a fortnight that is worth a few minutes' thought."""

from bot.features.prompts import handlers
from bot.features.prompts.feature import feature

__all__ = ["feature", "handlers"]
