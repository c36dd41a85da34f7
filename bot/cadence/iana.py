"""The time zones of the IANA database."""

from functools import cache
from zoneinfo import available_timezones


def is_zone(name: str) -> bool:
    """Return whether this is the exact name of a zone."""
    return name in zones()


@cache
def zones() -> frozenset[str]:
    """Return every zone name but the three that stand for no place and no offset of their own."""
    return frozenset(available_timezones() - {"localtime", "Factory", "MET"})
