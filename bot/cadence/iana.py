"""The time zones there are, by the names of the IANA database."""

from functools import cache
from zoneinfo import available_timezones


def is_zone(name: str) -> bool:
    """Return whether this is a zone name as this package writes it."""
    return name in zones()


@cache
def zones() -> frozenset[str]:
    """Every zone name, without the three that name no place and no offset of their own."""
    return frozenset(available_timezones() - {"localtime", "Factory", "MET"})
