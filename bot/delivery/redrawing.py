"""Draws a message anew that shows somebody who has gone: who left, was removed, or had their data deleted.

Its feature draws it as it is now (`Feature.redraw`). Of a post that no feature draws, or whose subject is gone, nothing
stays but a line that says so. The message is drawn when it is sent, so that it is true whenever that is, and
wherever the person was taken out: by themselves, by a facilitator, or in the terminal.
"""

from datetime import datetime

import structlog
from sqlmodel import Session

from bot.core.app import App
from bot.core.context import Composed, Context, compose
from bot.i18n import gettext as _
from bot.ui import Message, card
from storage.communities import communities
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing
from storage.people import people
from storage.people.people import Person
from storage.privacy import post_subjects

log = structlog.get_logger(__name__)


def deleted() -> Message:
    """What stays of a post when what it showed is gone."""
    return card(_("This has been deleted."))


def redraw(app: App | None, session: Session, row: Outgoing, now: datetime) -> bool:
    """Put into the row what its message shows now.

    Returns False if nothing is left to show of a message that surely nobody has seen, so that it need not be sent.
    Without an `app`, no feature is asked.
    """
    community = communities.get(session, row.community_id) if row.community_id else None
    reader = people.get(session, row.person_id) if row.person_id else None
    ctx = Context(session, now, app.root if app else "cop", community_or_none=community)
    if app:
        app.attach_app_state(ctx)
    composed = _composed(ctx, row, reader)
    if composed is None:
        if not row.receipt and row.state != outbox.UNCERTAIN:
            return False
        composed = compose(ctx, row.platform, reader, deleted)
    row.message = composed.json
    post_subjects.record(session, row, composed.subjects)
    return True


def _composed(ctx: Context, row: Outgoing, reader: Person | None) -> Composed | None:
    """Return the message as its feature draws it now; None if nothing of it is left, or the feature fails."""
    try:
        with ctx.session.begin_nested():
            view = ctx.drawn(row.what, row.person_id)
            return view and compose(ctx, row.platform, reader, view)
    except Exception:
        log.exception("a message could not be drawn anew", key=row.what)
        return None
