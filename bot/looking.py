"""Answering what changes nothing: few questions to the database, no waiting for a turn to write, no trace."""

from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlmodel import Session

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import PersonEvent
from bot.core.identity import Which, choose_community, news, recognise
from bot.core.router import Found
from bot.i18n import speaking
from bot.ui import FormErrors, Reply
from storage.people.identity_cache import Memory

if TYPE_CHECKING:
    from bot.core.app import App


class TakesMore(Exception):
    """There is something to write down: somebody new, a question back, or a no with a button for the right line."""


def look(app: "App", event: PersonEvent, found: Found) -> Reply:
    """The reply of a route that only reads. Raises TakesMore where it must go the long way after all."""
    with Session(app.looking, expire_on_commit=False, autoflush=False) as session, session.begin():
        return _reply(app, found, event, recognise(session, event, app.clock(), app.root))


def glance(app: "App", memory: Memory, event: PersonEvent, found: Found) -> Reply:
    """The same on the event loop, where nothing may wait: who, where and as what is remembered."""
    session = memory.session
    try:
        ctx = recognise(session, event, app.clock(), app.root, memory.presence)
        reply = _reply(app, found, event, ctx)
        if session.in_transaction() and not memory.is_true():  # somebody has written meanwhile
            raise TakesMore
        return reply
    except Exception:
        memory.forget()  # its rows are everybody's, and may have been changed
        raise
    finally:
        if session.in_transaction():
            session.close()


def _reply(app: "App", found: Found, event: PersonEvent, ctx: Context) -> Reply:
    if ctx.actor is None or any(news(ctx, event)):
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
        assert not _changed(ctx), "a route that only reads changed something"
        return ctx.fitter(ctx.here.platform).reply(reply)


def _changed(ctx: Context) -> bool:
    session = ctx.session
    if session.in_transaction() and (session.new or session.dirty or session.deleted):
        return True
    return any(row and inspect(row).modified for row in ctx.presence or ())
