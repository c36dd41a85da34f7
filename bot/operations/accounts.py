"""Accounts that a platform says it has switched off, or on again."""

from sqlmodel import Session

from bot.core.app import App
from bot.delivery import away
from storage.people import people


def change(app: App, platform: str, external: str, *, off: bool) -> None:
    """Take in that the platform switched somebody's account off, or has it on. Blocks on the database."""
    now = app.clock()
    with Session(app.read_engine) as session:
        row = people.account(session, platform, external)
        # Most are of people who have never met the bot, or change something else.
        if row is None or (row.off_since is not None) is off:
            return
    with app.write_lock, Session(app.engine) as session, session.begin():
        row = people.account(session, platform, external)
        if row is not None:
            away.switch(session, row, now, app.root, app.running, off=off)
    app.on_work_queued()
