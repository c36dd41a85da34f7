"""Rounds: a question is open to a community, members answer in their own time, and a summary closes it."""

from bot.features.rounds import (
    anonymous,
    answering,
    asking,
    beginning,
    closing,
    free_text,
    later,
    posts,
    reading,
    review,
    writings,
)
from bot.features.rounds.feature import feature

__all__ = [
    "anonymous",
    "answering",
    "asking",
    "beginning",
    "closing",
    "feature",
    "free_text",
    "later",
    "posts",
    "reading",
    "review",
    "writings",
]
