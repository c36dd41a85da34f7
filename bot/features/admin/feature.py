"""The routes that an admin's modules share."""

from bot.core.feature import Feature

feature = Feature("admin")
