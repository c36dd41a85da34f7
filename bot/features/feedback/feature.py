"""The feature that the modules beside this one add their parts to."""

from bot.feature import Feature

feedback = Feature("feedback")
