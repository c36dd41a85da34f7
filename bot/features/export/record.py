"""One record of an export, between collecting and writing it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ExportRecord:
    """One record. `what` is a key of bot.features.export.formats.HEADINGS, or "answer"."""

    what: str
    at: datetime | None
    who: str = ""
    title: str = ""
    text: str = ""
    link: str = ""
    audience: str = ""
