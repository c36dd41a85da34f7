"""The entry point of the core: every event, from a platform or the timer loop, goes through `App.handle`.

`handle` finds the route, identifies who acts, opens one transaction, checks permission, calls the handler, commits,
and turns errors into replies. Two shortcuts make the same checks with less waiting. Routes that only read get a read
transaction. The shortest commands run on the event loop with cached identity (`try_handle_immediately`). If a shortcut
turns out to need a write, it raises NeedsWriteTransaction, and the event starts again in a write transaction.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy import Engine, inspect
from sqlmodel import Session

from bot.core import appointments, care, command_parser, failures, pre_send, replies, unsaved
from bot.core.acceptance import Acceptance
from bot.core.accepted import Accepted, key_of
from bot.core.anonymity import AnonymousAct, Unmarked
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import (
    AutocompleteQuery,
    Click,
    Command,
    Event,
    PageOpened,
    PersonEvent,
    Place,
    PlatformUser,
    Submission,
    TimerFired,
    delivery_key,
    event_name,
)
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
from bot.core.pages import ClosedLink, OpenPage, why_closed
from bot.core.permissions import require
from bot.core.platform import ShownTo
from bot.core.recent_keys import RecentKeys
from bot.core.resolver import decode_ref, encode_ref, parse_id
from bot.core.router import RouteMatch, Router
from bot.core.routes import Posted
from bot.core.workers import Workers
from bot.i18n import DEFAULT, speaking
from bot.i18n import gettext as _
from bot.telemetry import metrics, tracing
from bot.telemetry.logs import one_event
from bot.ui import Form, FormErrors, Message, NextForm, Reply, card
from bot.ui.markup import clean
from bot.ui.markup import command as command_line
from storage import database
from storage.messaging import timers
from storage.operations import drafts, processed_events
from storage.people import identity_cache, page_links, people
from storage.people.identity_cache import IdentityCache
from storage.people.page_links import PageLink

log = structlog.get_logger(__name__)
# The standard logger, for a line written at every event: it costs nothing when its level is off.
lines = logging.getLogger(__name__)
FORM = TypeAdapter(FormErrors)


@dataclass(frozen=True)
class Answer:
    """The answer to a form that is done, and the digest of what was filled in."""

    digest: str
    reply: Message | None


ANSWER = TypeAdapter(Answer)


class FormRejected(Exception):
    """The handler returned errors in a form. What it did is rolled back."""

    def __init__(self, errors: FormErrors) -> None:
        super().__init__("form errors")
        self.errors = errors


class NeedsWriteTransaction(Exception):
    """The event can't be handled by reading alone: a new person, errors in a form, or a refusal with a button."""


class App:
    """Handles events for a set of features on one database.

    `identity_cache` is None where no event can be handled on the event loop: on PostgreSQL, and on SQLite in memory.

    The attributes with defaults are replaced while a process is built. `running` names the platforms that this process
    delivers to; None means unknown. `calendars` names the platforms with scheduled events. `reads_threads`: replies
    under questions are heard without naming the bot (SLACK_THREADS). `address` is the public URL of the bot's own
    pages, or "". `channel_kind(platform, space, channel)` says what kind of channel that is
    (bot.domain.channel_kinds). `shown_to(platform, role)` says who sees the commands of a role. `component_status` says
    which parts of this process work. `on_work_queued` is called after a commit that posted a message or set a timer.
    `ancillary_request(platform, space)` is entered around one request that is not a delivery but counts against the
    platform's rate limit.
    """

    def __init__(
        self, features: Iterable[Feature], engine: Engine, clock: Callable[[], datetime], root: str = "cop"
    ) -> None:
        self.engine, self.clock, self.root = engine, clock, root
        self.read_engine = database.for_reading(engine)
        self.identity_cache = identity_cache.cache_for(self.read_engine)
        self.workers = Workers()
        self.recent = RecentKeys()
        self.unmarked = Unmarked()
        self.sent_as_they_are = pre_send.SentAsTheyAre()
        self.routes = Router(features)
        self.commands, self.shortcuts = self.routes.commands, tuple(self.routes.shortcuts.values())
        self.running: Collection[str] | None = None
        self.calendars: Collection[str] = ()
        self.address = ""
        self.reads_threads = False
        self.channel_kind: Callable[[str, str, str], str] = lambda *_where: "unknown"
        self.shown_to: Callable[[str, str], ShownTo | None] = lambda *_of: None
        self.component_status: Callable[[], Mapping[str, bool]] = dict
        self.on_work_queued: Callable[[], None] = lambda: None
        self.ancillary_request: Callable[[str, str], AbstractAsyncContextManager[None]] = lambda *_where: nullcontext()
        # SQLite allows one writer at a time. A lock is fair and wakes the next thread at once; SQLite's busy loop does
        # neither.
        self.write_lock: AbstractContextManager[Any] = (
            threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )
        self.accepted = Accepted(engine, self.write_lock, clock)
        self.acceptance = Acceptance(self._accept)

    def handle(self, event: Event) -> Reply:
        """Handle `event` in one transaction and return what to show the person who acted. Never raises."""
        once = delivery_key(event)
        if not self.recent.add(once):
            return None
        anonymous = self._match_anonymous(event)
        with _telemetry(event) as outcome:
            try:
                if anonymous:
                    return self._handle_anonymously(event, anonymous)
                reply, queued = self._transact(event)
            except Exception as fault:
                outcome.failed()
                self.recent.discard(once)
                return self._record_failure(event, fault, may_save_draft=anonymous is None)
            self.accepted.close(event)
            if queued:
                lines.info("handled")
        if queued:
            self.on_work_queued()
        return reply

    def try_handle_immediately(self, event: PersonEvent) -> Reply:
        """Return what `handle` would, without blocking, so that an event loop can call it.

        Raises NeedsWriteTransaction where that isn't possible; the caller then runs `handle` in a thread.
        """
        if self.identity_cache is None or not isinstance(event, Command):
            raise NeedsWriteTransaction
        found = self._match_read_only(event)
        if found is None or not found.route.immediate:
            raise NeedsWriteTransaction
        once = delivery_key(event)
        if not self.recent.add(once):
            return None
        with _telemetry(event) as outcome:
            try:
                return self._handle_immediately(self.identity_cache, event, found)
            except Exception as fault:
                outcome.passed_on()
                self.recent.discard(once)
                raise NeedsWriteTransaction from fault

    def _transact(self, event: Event) -> tuple[Reply, bool]:
        if not isinstance(event, TimerFired) and (found := self._match_read_only(event)):
            with suppress(NeedsWriteTransaction):
                return self._handle_read_only(event, found), False
        with self.write_lock, Session(self.engine, expire_on_commit=False) as session, session.begin():
            now = self.clock()
            once = delivery_key(event)
            if isinstance(event, TimerFired):
                # Lock the community before the timer's row, as a click does that moves the timer: the other order
                # could deadlock.
                if event.community:
                    database.serialise(session, event.community)
                timer = timers.claim(session, event.timer_id, event.kind, event.value, event.at)
                # Another process has fired it, or it was moved.
                if timer is None:
                    return None, False
                session.delete(timer)
                session.flush()
            else:
                database.serialise_person(session, event.place.platform, event.person.id)
                if once and processed_events.is_processed(session, once):
                    self.accepted.drop(session, event)
                    return None, False
            ctx = build_context(session, event, now, self.root)
            self.attach_app_state(ctx)
            event = pre_send.resumed(ctx, unsaved.sent_again(ctx, event), self.sent_as_they_are)
            form = key_of(event) if isinstance(event, Submission) else ""
            if form and processed_events.is_processed(session, form):
                assert isinstance(event, Submission)
                self.accepted.drop(session, event)
                return self._earlier_answer(ctx, event, form), False
            # Not undone by a refusal: that they lost a role may be why they are refused.
            has_ended = not isinstance(event, TimerFired) and appointments.end_lost_platform_roles(ctx, event)
            with speaking(ctx.actor.locale if ctx.actor else DEFAULT):
                reply, is_done = self._reply(ctx, event)
            session.flush()
            # An event that wrote nothing can safely be handled again, so saving its key would be a needless write.
            has_written = database.has_written(session)
            if once and has_written:
                processed_events.mark_processed(session, once, now)
            if is_done and isinstance(event, Submission):
                unsaved.forget(ctx, event)
                if form and has_written:
                    self._remember_answer(ctx, event, form, reply)
            self.accepted.drop(session, event)
            if isinstance(event, Submission | Command):
                # After the answer was remembered, so that nothing of this is.
                with speaking(ctx.actor.locale if ctx.actor else DEFAULT):
                    reply = care.beside(reply, self._read(event), ctx.root)
            return reply, ctx.work_queued or has_ended

    def _handle_read_only(self, event: PersonEvent, found: RouteMatch) -> Reply:
        """Handle a route that only reads: few queries, no waiting for a writer, no savepoint.

        Raises NeedsWriteTransaction where the event needs a write transaction after all.
        """
        with Session(self.read_engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            return self._reply_read_only(found, event, identify_actor(session, event, self.clock(), self.root))

    def _match_anonymous(self, event: Event) -> RouteMatch | None:
        if not isinstance(event, Click | Submission):
            return None
        table = self.routes.clicks if isinstance(event, Click) else self.routes.forms
        route = table.get(event.action if isinstance(event, Click) else event.form)
        return self.routes.match(event) if route and route.anonymous else None

    def _handle_anonymously(self, event: Event, found: RouteMatch) -> Reply:
        """Handle a route that leaves no trace of who acts: what it saves is committed by itself, without the person.

        What is refused is given back, since it can't be saved as a draft.
        """
        assert isinstance(event, Click | Submission)
        with Session(self.read_engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            ctx = identify_actor(session, event, self.clock(), self.root)
            ctx.actor = ctx.actor or unregistered_person(event.person)
            self.attach_app_state(ctx)
            with speaking(ctx.actor.locale):
                try:
                    choose_community(ctx, event, needed=True)
                    reply = self.run_handler(ctx, found)
                except Refusal as no:
                    reply = unsaved.refusal(event, ctx.root, card(str(no)))
                except AmbiguousCommunity as which:
                    reply = unsaved.refusal(event, ctx.root, replies.choose_community(ctx, which, event))
                except pre_send.DetailsSeen as seen:
                    reply = pre_send.ask_once(seen, ctx.me, self.sent_as_they_are)
                reply = care.beside(pre_send.with_notice(reply, found.route), event, ctx.root)
                assert not isinstance(reply, FormErrors), "errors in a form are saved as a draft"
                assert not _has_changes(ctx), "an anonymous route changed something"
                reply = ctx.resolver(ctx.here.platform).reply(reply)
        if ctx.act:
            self._save_anonymously(ctx.act)
        return reply

    def _save_anonymously(self, act: AnonymousAct) -> None:
        try:
            with self.write_lock, Session(self.engine) as session, session.begin():
                act.save(session)
        except BaseException:
            self.unmarked.undo(act.subject, act.person)
            raise
        if people := self.unmarked.done(act.subject, act.person):
            with self.write_lock, Session(self.engine) as session, session.begin():
                act.mark(session, people)
        self.on_work_queued()

    def _handle_immediately(self, cache: IdentityCache, event: PersonEvent, found: RouteMatch) -> Reply:
        """Handle a route that only reads on the event loop, where nothing may block. Identity comes from the cache."""
        session = cache.session
        try:
            ctx = identify_actor(session, event, self.clock(), self.root, cache.presence)
            reply = self._reply_read_only(found, event, ctx)
            # A commit since the cache was filled means that the reply mixes data from before and after it.
            if session.in_transaction() and not cache.is_true():
                raise NeedsWriteTransaction
            return reply
        except Exception:
            # All events share the cached rows, and this one may have changed them.
            cache.forget()
            raise
        finally:
            if session.in_transaction():
                session.close()

    def _reply_read_only(self, found: RouteMatch, event: PersonEvent, ctx: Context) -> Reply:
        if ctx.actor is None or any(profile_changes(ctx, event)) or appointments.lost_platform_roles(ctx, event):
            raise NeedsWriteTransaction
        self.attach_app_state(ctx)
        with speaking(ctx.actor.locale):
            try:
                choose_community(ctx, event, found.route.community)
                if ctx.access.from_platform and appointments.unrecorded(ctx):
                    raise NeedsWriteTransaction
                reply = self.run_handler(ctx, found)
            except (Refusal, AmbiguousCommunity) as refused:
                raise NeedsWriteTransaction from refused
            if isinstance(reply, FormErrors):
                raise NeedsWriteTransaction
            assert not _has_changes(ctx), "a route that only reads changed something"
            return self._shown(ctx, reply)

    def attach_app_state(self, ctx: Context) -> None:
        """Give `ctx` what handlers need from the app: the registry, and the state of this process."""
        ctx.unmarked = self.unmarked
        ctx.previews, ctx.commands, ctx.running = self.routes.previews, self.commands, self.running
        ctx.audited, ctx.timer_labels = self.routes.audited, self.routes.timer_labels
        ctx.writings = self.routes.writings
        ctx.redraws, ctx.pages = self.routes.redraws, self.routes.pages
        ctx.calendars, ctx.reads_threads = self.calendars, self.reads_threads
        ctx.address, ctx.component_status = self.address, self.component_status
        ctx.kind_of_channel, ctx.shown_to = self.channel_kind, self.shown_to

    def _match_read_only(self, event: PersonEvent) -> RouteMatch | None:
        if self.routes.is_reply(event) or self.routes.may_be_free_text(event):
            return None
        try:
            found = self.routes.match(event)
        except Refusal:
            return None
        return found if found.route.reads else None

    def _remember_answer(self, ctx: Context, event: Submission, form: str, reply: Reply) -> None:
        """Save the answer to a form with its key, so that the same form gets it again if it is sent again."""
        if isinstance(reply, NextForm):
            reply = reply.card
        assert reply is None or isinstance(reply, Message)
        processed_events.mark_processed(ctx.session, form, ctx.now)
        answer = Answer(unsaved.digest(event), reply)
        drafts.save(ctx.session, ctx.me, drafts.ANSWERED + form, ANSWER.dump_json(answer).decode(), ctx.now)

    def _earlier_answer(self, ctx: Context, event: Submission, form: str) -> Reply:
        row = drafts.find(ctx.session, ctx.me, drafts.ANSWERED + form)
        if row is None:
            return None
        answer = ANSWER.validate_json(row.body)
        if answer.digest == unsaved.digest(event):
            return answer.reply
        with speaking(ctx.person.locale):
            return unsaved.sent_before(event, ctx.root, answer.reply)

    def _reply(self, ctx: Context, event: Event) -> tuple[Reply, bool]:
        """Run the handler in a savepoint. Return its reply, and whether what was asked is done.

        A refusal, or a form with errors, rolls back what the handler did, and becomes the reply.
        """
        is_done = False
        try:
            with ctx.session.begin_nested():
                reply = self.dispatch(ctx, event)
                if isinstance(reply, FormErrors):
                    raise FormRejected(reply)
            is_done = True
        except Refusal as no:
            ctx.work_queued, reply = False, unsaved.refusal(self._read(event), ctx.root, replies.refusal(ctx, no))
        except AmbiguousCommunity as which:
            reply = replies.choose_community(ctx, which, event)
            if isinstance(event, Submission):
                reply = unsaved.refusal(event, ctx.root, reply)
        except pre_send.DetailsSeen as seen:
            ctx.work_queued, reply = False, pre_send.ask(ctx, event, seen)
        except FormRejected as undo:
            ctx.work_queued, reply = False, self._save_draft(ctx, undo.errors)
        return self._shown(ctx, reply) if ctx.place else None, is_done

    def _shown(self, ctx: Context, reply: Reply) -> Reply:
        """Return a reply as the person's platform shows it, and a form with what they typed in it before."""
        match reply:
            case Form():
                reply = unsaved.filled_in(ctx, reply)
            case NextForm(form):
                reply = replace(reply, form=unsaved.filled_in(ctx, form))
        if isinstance(reply, Form | NextForm | FormErrors):
            form = reply if isinstance(reply, Form) else reply.form
            reply = pre_send.with_notice(reply, self.routes.forms.get(form.id))
        return ctx.resolver(ctx.here.platform).reply(reply)

    def _read(self, event: Event) -> Event:
        """Return a command as the router reads it, or any event as it is. Words that are no command are all text."""
        if isinstance(event, Command) and self.routes.may_be_free_text(event):
            return replace(event, text=clean(event.line))
        with suppress(Refusal):
            return self.routes.match(event).event if isinstance(event, Command) else event
        return event

    def dispatch(self, ctx: Context, event: Event) -> Reply:
        """Route `event` and return the handler's own reply. Raises whatever the handler does."""
        if isinstance(event, Click) and event.action == "forms.reopen":
            return self._reopen(ctx, event)
        if isinstance(event, Click) and event.action == unsaved.SEND_AGAIN:
            raise unsaved.gone()
        if isinstance(event, Click) and event.action == pre_send.CHANGE:
            choose_community(ctx, event, needed=False)
            return pre_send.change_form(ctx, event)
        if no := pre_send.gone(event):
            raise no
        if isinstance(event, Click) and event.action == "commands.again":
            event = replies.replay_command(ctx, event)
            stamped = ctx.community_or_none
        else:
            stamped = None
        if isinstance(event, Command) and self.routes.is_reply(event):
            reply = self._ask_about_reply(ctx, event)
            if reply is not None or not event.is_addressed:
                return reply
        if isinstance(event, Command) and self.routes.may_be_free_text(event, is_replayed=stamped is not None):
            if stamped is None:
                choose_community(ctx, event, needed=False)
            ready = replace(event, line=clean(event.line))
            given = (said for handler in self.routes.free_text_handlers if (said := handler(ctx, ready)) is not None)
            if (said := next(given, None)) is not None:
                return None if isinstance(said, Posted) else said
        found = self.routes.match(event)
        if isinstance(event, TimerFired):
            # The community has been deleted.
            if found.route.community and ctx.community_or_none is None:
                return None
        elif stamped is None:
            choose_community(ctx, event, found.route.community)
        if found.route.community:
            database.serialise(ctx.session, ctx.community_id)
        if ctx.access.from_platform:
            appointments.record_platform_roles(ctx)
        return self.run_handler(ctx, found)

    def _ask_about_reply(self, ctx: Context, event: Command) -> Reply:
        """Return what the feature says whose message is replied to; None if it is no feature's, or has no community."""
        choose_community(ctx, event, needed=False)
        if ctx.community_or_none is None:
            return None
        ready = replace(event, line=clean(event.line))
        return next((reply for handler in self.routes.replies if (reply := handler(ctx, ready)) is not None), None)

    def run_handler(self, ctx: Context, found: RouteMatch) -> Reply:
        """Check permission and the command's argument, then call the handler. Raises Refusal."""
        require(ctx.access, found.route.needs, lambda: _command_label(found), lambda: facilitator_names(ctx))
        if found.spec and isinstance(found.event, Command):
            command_parser.check_argument(found.spec, found.event.text)
        pre_send.check(found, ctx, self.sent_as_they_are)
        reply = found.route.handler(ctx, found.event)
        assert not (isinstance(reply, Form) and isinstance(found.event, Submission)), (
            "a form cannot answer a form (Discord)"
        )
        return reply

    def complete(self, typing: AutocompleteQuery) -> list[str]:
        """Return suggestions for the argument of the command being typed, at most 25 (Discord). Changes nothing."""
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

    def open_page(self, token: str, browser: str) -> OpenPage | ClosedLink:
        """Return the page behind a link as its owner may read it now, or why it opens nothing.

        `browser` is the secret in the browser's cookie, "" without one. The first browser that opens a link is the only
        one. Nothing else changes. Raises whatever the page's handler does.
        """
        with one_event(kind="page"), metrics.timed("PageOpened") as outcome:
            try:
                with Session(self.read_engine, expire_on_commit=False, autoflush=False) as session, session.begin():
                    link = page_links.by_token(session, token)
                    if closed := why_closed(link, token, browser, self.clock()):
                        return closed
                    assert link
                    opened = self._open_page(session, link)
                # Only then, so that a link that shows nothing stays open to its owner's browser.
                if isinstance(opened, OpenPage) and not link.browser and not self._bind(token, browser):
                    return ClosedLink.ELSEWHERE
                return opened
            except (Refusal, AmbiguousCommunity):
                return ClosedLink.DENIED
            except Exception:
                outcome.failed()
                raise

    def _bind(self, token: str, browser: str) -> bool:
        with self.write_lock, Session(self.engine) as session, session.begin():
            return page_links.bind(session, token, browser)

    def _open_page(self, session: Session, link: PageLink) -> OpenPage | ClosedLink:
        now = self.clock()
        account = people.working_account(session, link.person_id)
        if account is None:
            return ClosedLink.DENIED
        owner = PlatformUser(account.external, account.name)
        place = Place(account.platform, account.space)
        opened = PageOpened(place, owner, link.page, encode_ref(link.community_id, link.value))
        spec = self.routes.pages.get(link.page)
        ctx = identify_actor(session, opened, now, self.root)
        if spec is None or ctx.actor is None:
            return ClosedLink.DENIED
        self.attach_app_state(ctx)
        with speaking(ctx.actor.locale):
            choose_community(ctx, opened, needed=True)
            require(ctx.access, spec.needs, str, str)
            page = spec.handler(ctx, replace(opened, value=link.value))
            assert not _has_changes(ctx), "a page changed something"
            return OpenPage(
                ctx.resolver(place.platform).page(page),
                ctx.community.name,
                ctx.person.name,
                ctx.person.locale,
                ctx.zone,
                now,
                link.expires_at,
                ctx.resolver(place.platform).words(command_line("data links")),
            )

    def _save_draft(self, ctx: Context, errors: FormErrors) -> FormErrors:
        """Save what was typed as a draft, so that correcting an error doesn't mean typing it all again."""
        draft = drafts.save(ctx.session, ctx.me, "form", FORM.dump_json(errors).decode(), ctx.now)
        return replace(errors, draft=str(draft))

    def _reopen(self, ctx: Context, event: Click) -> Reply:
        community, id = decode_ref(event.value)
        draft = drafts.find(ctx.session, ctx.me, "form", parse_id(id))
        if draft is None:
            raise unsaved.gone()
        if community:
            choose_community(ctx, event, needed=True)
        return FORM.validate_json(draft.body).form

    def _record_failure(self, event: Event, fault: Exception, *, may_save_draft: bool) -> Reply:
        return failures.record_failure(
            self.engine,
            self.write_lock,
            self.clock(),
            self._read(event),
            fault,
            self.root,
            self.accepted,
            may_save_draft=may_save_draft,
        )

    def _accept(self, events: Sequence[Submission | Command]) -> None:
        """Save those of the events with words that would be lost. What only reads can be asked for again."""
        self.accepted.save([each for each in events if self._has_words(each)])

    def _has_words(self, event: Submission | Command) -> bool:
        if self._match_anonymous(event):
            return False
        return unsaved.typed_in(self._read(event), self.root) is not None and self._match_read_only(event) is None

    def take_up(self, before: datetime) -> int:
        """Handle what was accepted before `before` and left, as when a process was killed. Returns how many."""
        events = self.accepted.left(before)
        for event in events:
            reply = self.handle(event)
            try:
                self.accepted.tell(event, reply)
            except Exception:
                log.exception("the answer to an accepted event could not be posted")
        if events:
            self.on_work_queued()
        return len(events)


@contextmanager
def _telemetry(event: Event) -> Iterator[metrics.Outcome]:
    """Give everything inside a new event id, a span, a timing, and the language of the person who acts."""
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
    return any(row and inspect(row).modified for row in (ctx.presence.rows if ctx.presence else ()))


def _command_label(found: RouteMatch) -> str:
    return command_line(found.spec.name, found.spec.root) if found.spec else _("That")
