"""Roles of a platform, such as Discord roles, by which people lead, where the platform can be asked about them."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.core import appointments
from bot.core.app import App
from storage.people import appointments as times
from storage.people import people


def holders(app: App, platform: str) -> Sequence[tuple[str, str]]:
    """Return (account, space) of each person with such a role, as far as is known. Blocks on the database."""
    with Session(app.read_engine) as session:
        return times.holders_from_platform(session, platform)


def follow(app: App, platform: str, space: str, external: str, roles: Sequence[str]) -> None:
    """Take in that somebody has these roles in a space, and no others. Blocks on the database."""
    with app.write_lock, Session(app.engine) as session, session.begin():
        row = people.account(session, platform, external)
        has_ended = row is not None and appointments.follow_platform_roles(
            session, row.person_id, (platform, space), roles, app.clock()
        )
    if has_ended:
        app.on_work_queued()
