"""A community's records as files that people keep: who belongs, when they met, what they shared, what was said openly.

Holds only what everybody in the community may read, and for facilitators what was meant for them too. What
somebody wrote for themselves alone is never in it.
"""

from bot.archive.collecting import collect
from bot.archive.entry import Entry
from bot.archive.writing import FORMS, render

__all__ = ["FORMS", "Entry", "collect", "render"]
