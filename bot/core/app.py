"""The one way in: every event, from every platform and from the clock, goes through `handle`."""

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy import Engine, inspect
from sqlmodel import Session

from bot.core import command_parser, failures, replies
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import AutocompleteQuery, Click, Command, Event, PersonEvent, Submission, TimerFired, event_name
from bot.core.feature import Feature
from bot.core.identity import (
    AmbiguousCommunity,
    build_context,
    choose_community,
    facilitator_names,
    identify_actor,
    profile_changes,
    unregistered_person,
)
from bot.core.permissions import require
from bot.core.resolver import decode_ref, parse_id
from bot.core.router import RouteMatch, Router
from bot.i18n import DEFAULT, speaking
from bot.i18n import gettext as _
from bot.telemetry import metrics, tracing
from bot.telemetry.logs import one_event
from bot.ui import Form, FormErrors, Reply
from bot.ui.markup import clean
from bot.ui.markup import command as command_line
from storage import database
from storage.messaging import timers
from storage.operations import drafts, processed_events
from storage.people import identity_cache
from storage.people.identity_cache import IdentityCache

log = structlog.get_logger(__name__)
lines = logging.getLogger(__name__)  # for what happens often: costs nothing where nobody reads it
FORM = TypeAdapter(FormErrors)


class FormRejected(Exception):
    """The handler asks for the form again: nothing it did is kept."""

    def __init__(self, errors: FormErrors) -> None:
        super().__init__("form errors")
        self.errors = errors


class NeedsWriteTransaction(Exception):
    """The event cannot be answered by reading alone: somebody new, a question back, or a refusal with a button."""


class App:
    def __init__(
        self, features: Iterable[Feature], engine: Engine, clock: Callable[[], datetime], root: str = "cop"
    ) -> None:
        self.engine, self.clock, self.root = engine, clock, root
        self.read_engine = database.for_looking(engine)
        self.identity_cache = identity_cache.of(self.read_engine)  # None: nothing is answered at once
        self.routes = Router(features)
        self.commands, self.shortcuts = self.routes.commands, tuple(self.routes.shortcuts.values())
        self.running: Collection[str] | None = None  # the platforms that messages are carried to; None: not known
        self.calendars: Collection[str] = ()  # the platforms with a calendar of their own
        self.address = ""  # where the bot's own pages are reached from outside; "": nowhere
        self.parts: Callable[[], Mapping[str, bool]] = dict  # of the process at work: which of them work
        self.on_work_queued: Callable[[], None] = lambda: None  # called after a commit that posted or set a timer
        # (platform, space): inside it one request may leave that is no delivery, and that the platform counts like one
        self.ancillary_request: Callable[[str, str], AbstractAsyncContextManager[None]] = lambda *_where: nullcontext()
        # SQLite lets one writer in at a time; waiting here is fair and wakes at once, its own busy loop is neither.
        self.write_lock: AbstractContextManager[Any] = (
            threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )

    def handle(self, event: Event) -> Reply:
        """Do what `event` asks, in one transaction, and return what to show whoever asked. Never raises."""
        with _watched(event) as outcome:
            try:
                reply, queued = self._transact(event)
            except Exception as fault:
                outcome.failed()
                return self._failed(event, fault)
            if queued:
                lines.info("handled")
        if queued:
            self.on_work_queued()
        return reply

    def try_handle_immediately(self, event: PersonEvent) -> Reply:
        """Return what `handle` would, where that needs no waiting: for event loops.

        Raises NeedsWriteTransaction for everything else.
        """
        if self.identity_cache is None or not isinstance(event, Command):
            raise NeedsWriteTransaction
        found = self._only_reads(event)
        if found is None or not found.route.at_once:
            raise NeedsWriteTransaction
        with _watched(event) as outcome:
            try:
                return self._handle_immediately(self.identity_cache, event, found)
            except Exception as fault:
                outcome.passed_on()
                raise NeedsWriteTransaction from fault

    def _transact(self, event: Event) -> tuple[Reply, bool]:
        if not isinstance(event, TimerFired) and (found := self._only_reads(event)):
            with suppress(NeedsWriteTransaction):
                return self._handle_read_only(event, found), False
        with self.write_lock, Session(self.engine, expire_on_commit=False) as session, session.begin():
            now = self.clock()
            once = (
                ""
                if isinstance(event, TimerFired) or not event.idempotency_key
                else f"{event.place.platform}:{event.idempotency_key}"
            )
            if isinstance(event, TimerFired):
                if event.community:  # before the timer: a click that moves it holds the community, and waits for it
                    database.serialise(session, event.community)
                timer = timers.claim(session, event.timer_id, event.kind, event.value, event.at)
                if timer is None:  # another process has fired it, or it was moved
                    return None, False
                session.delete(timer)
                session.flush()
            else:
                database.serialise_person(session, event.place.platform, event.person.id)
                if once and processed_events.is_processed(session, once):
                    return None, False
            ctx = build_context(session, event, now, self.root)
            self.attach_app_state(ctx)
            with speaking(ctx.actor.locale if ctx.actor else DEFAULT):
                reply = self._reply(ctx, event)
            session.flush()
            if once and database.has_written(session):  # what only looked may look again, and costs the disk nothing
                processed_events.mark_processed(session, once, now)
            return reply, ctx.work_queued

    def _handle_read_only(self, event: PersonEvent, found: RouteMatch) -> Reply:
        """The reply of a route that only reads: few questions, no waiting for a writer, no savepoint.

        Raises NeedsWriteTransaction where the event has to be handled the long way after all.
        """
        with Session(self.read_engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            return self._reply_reading(found, event, identify_actor(session, event, self.clock(), self.root))

    def _handle_immediately(self, memory: IdentityCache, event: PersonEvent, found: RouteMatch) -> Reply:
        """The same on the event loop, where nothing may wait: who, where and as what comes from the cache."""
        session = memory.session
        try:
            ctx = identify_actor(session, event, self.clock(), self.root, memory.presence)
            reply = self._reply_reading(found, event, ctx)
            # Somebody may have written since the cache was filled; then what was read is of two moments.
            if session.in_transaction() and not memory.is_true():
                raise NeedsWriteTransaction
            return reply
        except Exception:
            # The cached rows are shared by all events, and this one may have changed them.
            memory.forget()
            raise
        finally:
            if session.in_transaction():
                session.close()

    def _reply_reading(self, found: RouteMatch, event: PersonEvent, ctx: Context) -> Reply:
        if ctx.actor is None or any(profile_changes(ctx, event)):
            raise NeedsWriteTransaction
        self.attach_app_state(ctx)
        with speaking(ctx.actor.locale):
            try:
                choose_community(ctx, event, found.route.community)
                reply = self.run_handler(ctx, found)
            except (Refusal, AmbiguousCommunity) as refused:
                raise NeedsWriteTransaction from refused
            if isinstance(reply, FormErrors):
                raise NeedsWriteTransaction
            assert not _has_changes(ctx), "a route that only reads changed something"
            return ctx.resolver(ctx.here.platform).reply(reply)

    def attach_app_state(self, ctx: Context) -> None:
        """Tell a context what it may know of the whole bot."""
        ctx.previews, ctx.commands, ctx.running = self.routes.previews, self.commands, self.running
        ctx.audited, ctx.timer_labels = self.routes.audited, self.routes.timer_labels
        ctx.calendars = self.calendars
        ctx.address, ctx.component_status = self.address, self.parts

    def _only_reads(self, event: PersonEvent) -> RouteMatch | None:
        try:
            found = self.routes.match(event)
        except Refusal:
            return None
        return found if found.route.reads else None

    def _reply(self, ctx: Context, event: Event) -> Reply:
        """What the handler says, or the refusal in its place; a refusal undoes what the handler did."""
        try:
            with ctx.session.begin_nested():
                reply = self.dispatch(ctx, event)
                if isinstance(reply, FormErrors):
                    raise FormRejected(reply)
        except Refusal as no:
            ctx.work_queued, reply = False, replies.refusal(ctx, no)
        except AmbiguousCommunity as which:
            reply = replies.choose_community(ctx, which, event)
        except FormRejected as undo:
            ctx.work_queued, reply = False, self._ask_again(ctx, undo.errors)
        return ctx.resolver(ctx.here.platform).reply(reply) if ctx.place else None

    def dispatch(self, ctx: Context, event: Event) -> Reply:
        """The handler's own reply, and whatever it raises."""
        if isinstance(event, Click) and event.action == "forms.reopen":
            return self._reopen(ctx, event)
        if isinstance(event, Click) and event.action == "commands.again":
            event = replies.replay_command(ctx, event)
            stamped = ctx.community_or_none
        else:
            stamped = None
        found = self.routes.match(event)
        if isinstance(event, TimerFired):
            if found.route.community and ctx.community_or_none is None:
                return None  # the community has been deleted
        elif stamped is None:
            choose_community(ctx, event, found.route.community)
        if found.route.community:
            database.serialise(ctx.session, ctx.community_id)
        return self.run_handler(ctx, found)

    def run_handler(self, ctx: Context, found: RouteMatch) -> Reply:
        """What the handler says to somebody who may ask it."""
        require(ctx.access, found.route.needs, lambda: _named(found), lambda: facilitator_names(ctx))
        if found.spec and isinstance(found.event, Command):
            command_parser.check_argument(found.spec, found.event.text)
        reply = found.route.handler(ctx, found.event)
        assert not (isinstance(reply, Form) and isinstance(found.event, Submission)), (
            "a form cannot answer a form (Discord)"
        )
        return reply

    def complete(self, typing: AutocompleteQuery) -> list[str]:
        """At most 25 suggestions for the argument of the command being typed; nothing is changed."""
        try:
            spec, text = command_parser.find(self.routes.by_name, clean(typing.line), typing.root)
            if spec.complete is None:
                return [c for c in spec.choices if c.startswith(text.lower())]
            with speaking(typing.person.locale), Session(self.read_engine, autoflush=False) as session:
                ctx = identify_actor(session, typing, self.clock(), self.root)
                ctx.actor = ctx.actor or unregistered_person(typing.person)
                choose_community(ctx, typing, spec.route.community)
                if not ctx.access.allows(spec.route.needs):
                    return []
                return list(spec.complete(ctx, text))[:25]
        except (Refusal, AmbiguousCommunity):
            return []
        except Exception:
            log.exception("completing failed")
            return []

    def _ask_again(self, ctx: Context, errors: FormErrors) -> FormErrors:
        """Keep what was filled in, so that correcting it never means typing it again."""
        draft = drafts.save(ctx.session, ctx.me, "form", FORM.dump_json(errors).decode(), ctx.now)
        return replace(errors, draft=str(draft))

    def _reopen(self, ctx: Context, event: Click) -> Reply:
        community, id = decode_ref(event.value)
        draft = drafts.find(ctx.session, ctx.me, "form", parse_id(id))
        if draft is None:
            raise Refusal(_("I no longer have that form. Please start again; nothing else was lost."))
        if community:
            choose_community(ctx, event, needed=True)
        return FORM.validate_json(draft.body).form

    def _failed(self, event: Event, fault: Exception) -> Reply:
        return failures.record_failure(self.engine, self.write_lock, self.clock(), event, fault)


@contextmanager
def _watched(event: Event) -> Iterator[metrics.Outcome]:
    """Under a new id, timed, and in the language of whoever acts."""
    kind = event_name(event)
    with (
        speaking(DEFAULT if isinstance(event, TimerFired) else event.person.locale),
        one_event(kind=kind) as id,
        tracing.span("event", kind=kind, event_id=id),
        metrics.timed(type(event).__name__) as outcome,
    ):
        yield outcome


def _has_changes(ctx: Context) -> bool:
    session = ctx.session
    if session.in_transaction() and (session.new or session.dirty or session.deleted):
        return True
    return any(row and inspect(row).modified for row in ctx.presence or ())


def _named(found: RouteMatch) -> str:
    return command_line(found.spec.name, found.spec.root) if found.spec else _("That")
