"""`cop closures`: closes the days in a file, such as a school's or a district's calendar."""

from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.cadence import Unreadable, read_closures
from bot.cadence.parse.closures import BIGGEST
from bot.cli.offline import named
from bot.core import signals
from bot.core.clock import RealClock
from bot.settings import Settings
from storage import database
from storage.communities import communities
from storage.messaging import timers
from storage.operations import audit_log


def close_from(settings: Settings, file: Path, name: str) -> tuple[str, int]:
    """Close the future days in `file`, a list or a calendar (.ics). Meetings follow when the bot next looks.

    Returns the community's name and how many days are newly closed. Raises Unreadable and NoSuchCommunity.
    """
    try:
        with file.open("rb") as opened:
            # One byte more than is allowed, so that a file that is too large is refused.
            text = opened.read(BIGGEST + 1)
    except OSError as error:
        raise Unreadable(f"{file.name} cannot be read ({error.strerror}).", "2025-12-22 to 2026-01-02") from error
    now = RealClock().now()
    engine = database.connect_existing(settings.database)
    with Session(engine) as session, session.begin():
        community = named(session, name)
        id = communities.key(community)
        today = now.astimezone(ZoneInfo(community.zone)).date()
        before = communities.closures(session, id)
        days = {day for day in read_closures(text, today, community.zone) if day >= today} - before
        communities.close(session, id, days)
        if days:
            audit_log.record(session, id, None, "closure.add", ", ".join(map(str, sorted(days))), now)
            timers.put(session, id, signals.MEETINGS_REPLAN, "", now)
        result = community.name, len(days)
    engine.dispose()
    return result
