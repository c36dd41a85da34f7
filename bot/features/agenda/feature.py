"""The feature that the modules beside this one add their parts to."""

from bot.core.feature import Feature

feature = Feature("agenda")
