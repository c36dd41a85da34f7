"""One line of a community's records."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """One line of the records. `what` is one of the keys of bot.features.export.formats.HEADINGS, or "answer"."""

    what: str
    at: datetime | None
    who: str = ""
    title: str = ""
    text: str = ""
    link: str = ""
    audience: str = ""
