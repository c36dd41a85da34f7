"""Accounts that a platform says it has switched off, or that have left its spaces, and that are back."""

from collections.abc import Collection, Mapping

from sqlmodel import Session

from bot.core.app import App
from bot.delivery import away
from bot.operations.places import REMOVED
from storage.people import people


def spaces_of_members(app: App, platform: str) -> Mapping[str, Collection[str]]:
    """Return where the communities of each account live, by account. Blocks on the database."""
    found: dict[str, set[str]] = {}
    with Session(app.read_engine) as session:
        for external, space in people.accounts_and_spaces(session, platform, without=REMOVED):
            found.setdefault(external, set()).add(space)
    return found


def change(app: App, platform: str, external: str, *, off: bool, has_left: bool = False) -> None:
    """Take in that somebody's account was switched off or has left, or that it is there. Blocks on the database."""
    now = app.clock()
    with Session(app.read_engine) as session:
        row = people.account(session, platform, external)
        # Most are of people who have never met the bot, or change something else.
        if row is None or (row.off_since is not None) is off:
            return
    with app.write_lock, Session(app.engine) as session, session.begin():
        row = people.account(session, platform, external)
        if row is not None:
            away.switch(session, row, now, app.root, app.running, off=off, has_left=has_left)
    app.on_work_queued()
