"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature

feature = Feature("reports")
