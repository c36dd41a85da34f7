"""The one list of what this feature answers to; the modules beside it add their parts."""

from bot.core.feature import Feature

resources = Feature("resources")
