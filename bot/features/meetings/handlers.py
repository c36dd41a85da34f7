"""Everything that meetings answer to, gathered from the modules beside this one."""

from bot.features.meetings import (
    adjusting,
    answering,
    attending,
    cadence,
    cancelling,
    changing,
    coming,
    expecting,
    laddering,
    marking,
    missing,
    moving,
    planning,
    reminding,
    scheduling,
)
from bot.features.meetings.feature import meetings

__all__ = [
    "adjusting",
    "answering",
    "attending",
    "cadence",
    "cancelling",
    "changing",
    "coming",
    "expecting",
    "laddering",
    "marking",
    "meetings",
    "missing",
    "moving",
    "planning",
    "reminding",
    "scheduling",
]
