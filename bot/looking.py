"""Answering what changes nothing: few questions to the database, no waiting for a turn to write, no trace."""

from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.entering import Which, choose_community, recognise
from bot.events import PersonEvent
from bot.refusal import Refusal
from bot.routing import Found
from bot.text import speaking
from bot.ui import FormErrors, Reply

if TYPE_CHECKING:
    from bot.app import App


class TakesMore(Exception):
    """There is something to write down: somebody new, a question back, or a no with a button for the right line."""


def look(app: "App", event: PersonEvent, found: Found) -> Reply:
    """The reply of a route that only reads. Raises TakesMore where it must go the long way after all."""
    with Session(app.looking, expire_on_commit=False, autoflush=False) as session, session.begin():
        ctx = recognise(session, event, app.clock(), app.root)
        if ctx.actor is None or session.dirty:
            raise TakesMore
        app.furnish(ctx)
        with speaking(ctx.actor.locale):
            try:
                choose_community(ctx, event, found.route.community)
                reply = app.carry_out(ctx, found)
            except (Refusal, Which) as no:
                raise TakesMore from no
            if isinstance(reply, FormErrors):
                raise TakesMore
            changed = [*session.new, *session.dirty, *session.deleted]
            assert not changed, "a route that only reads changed something"
            return ctx.fitter(ctx.here.platform).reply(reply)
