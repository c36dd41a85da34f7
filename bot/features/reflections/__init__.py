"""Reflections: a thought of your own, kept for you alone unless you choose to share it."""

from bot.features.reflections import handlers
from bot.features.reflections.feature import feature

__all__ = ["feature", "handlers"]
