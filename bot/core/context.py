"""What a handler gets besides the event. Everything it can do besides returning a reply is here."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, ParamSpec
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.core import brake, signals
from bot.core.anonymity import AnonymousAct, Unmarked
from bot.core.errors import Refusal
from bot.core.events import Place
from bot.core.permissions import Access, Role
from bot.core.platform import Address, DirectMessage, InCalendar, InChannel, InThread, ShownTo
from bot.core.resolver import MessageResolver
from bot.core.routes import AuditedAction, CommandSpec, PageSpec, Redraw, TimerLabels, Writing
from bot.i18n import DEFAULT, speaking
from bot.i18n import gettext as _
from bot.telemetry.logs import event_id
from bot.ui import Message, Target, ToCalendar, ToCommunity, ToFacilitators, ToPerson, ToThread
from storage import database
from storage.communities import communities, installations
from storage.communities.communities import Community
from storage.messaging import outbox, timers, told_facts
from storage.messaging.told_facts import ToldFact
from storage.operations import audit_log
from storage.people import appointments, people
from storage.people.appointments import Period
from storage.people.identity import Presence
from storage.people.people import Account, Membership, Person
from storage.privacy import post_subjects

P = ParamSpec("P")
MESSAGE = TypeAdapter(Message)
ADDRESS: TypeAdapter[Address] = TypeAdapter(Address)


@dataclass(frozen=True)
class News:
    """That a fact about a subject has changed: "meeting.7" `was` as one fingerprint says, and is `now` as another.

    `to` are the people who ought to know. The message to each has the `key`, and the one in the channels has the key
    `public`; "" tells no channel. Whoever is not known to have been told anything else counts as knowing what `was`.
    `by` is the person who changed it, and so isn't told; None tells everybody.
    """

    subject: str
    now: str
    key: str
    was: str = ""
    to: Collection[int] = ()
    public: str = ""
    by: int | None = None


@dataclass
class Context:
    """One event's transaction, who acts and where, and what a handler can do.

    `session` is one transaction, and only the App commits it. `now` is aware. `root` is the root word of commands here,
    without "/". `place` and `actor` are None when a timer fired. `presence` is what the identity query found, before
    the handler changed anything.

    The App fills in the rest (`App.attach_app_state`): `previews`, `timer_labels` (by timer kind), `audited` (by
    action), `redraws` (by the first two words of a key), `pages` and `commands` come from the registry. `running` names
    the platforms this process delivers to, and is None where that isn't known. `calendars` names the platforms with
    scheduled events. `address` is the public URL of the bot's own pages, or "". `reads_threads` is
    that of the App. `component_status` says which parts of
    this process work. `kind_of_channel` is the `channel_kind` of the App, and `shown_to` its own.

    `unmarked` is who has acted anonymously in this process, and `act` what an anonymous handler wants saved.

    `work_queued` becomes True when a message was posted or a timer set, so that the App wakes the timer loop.
    `rewrites_only`: a redraw is running, so nothing new is posted. `drawing`: one is running only to be looked at, so
    nothing is posted at all. `ends` are the moments set for posts, by key. `is_counted`: this event was counted
    as sent to others.
    """

    session: Session
    now: datetime
    root: str
    place: Place | None = None
    actor: Person | None = None
    community_or_none: Community | None = None
    access: Access = field(default_factory=Access)
    presence: Presence | None = None
    previews: Mapping[str, Callable[["Context", str], Message | None]] = field(default_factory=dict)
    commands: Sequence[CommandSpec] = ()
    timer_labels: Mapping[str, TimerLabels] = field(default_factory=dict)
    audited: Mapping[str, AuditedAction] = field(default_factory=dict)
    writings: Mapping[str, Writing] = field(default_factory=dict)
    redraws: Mapping[str, Redraw] = field(default_factory=dict)
    pages: Mapping[str, PageSpec] = field(default_factory=dict)
    running: Collection[str] | None = None
    calendars: Collection[str] = ()
    address: str = ""
    reads_threads: bool = False
    component_status: Callable[[], Mapping[str, bool]] = dict
    kind_of_channel: Callable[[str, str, str], str] = lambda *_where: "unknown"
    shown_to: Callable[[str, str], ShownTo | None] = lambda *_of: None
    unmarked: Unmarked = field(default_factory=Unmarked)
    act: AnonymousAct | None = None
    work_queued: bool = False
    rewrites_only: bool = False
    is_counted: bool = False
    drawing: "Drawing | None" = None
    ends: dict[str, datetime | None] = field(default_factory=dict)
    _facilitated: tuple[int, Sequence[Period]] = (0, ())

    @property
    def community(self) -> Community:
        """Raises Refusal where no community is meant."""
        if self.community_or_none is None:
            raise Refusal(_("This is not tied to a community."))
        return self.community_or_none

    @property
    def community_id(self) -> int:
        assert self.community.id is not None
        return self.community.id

    @property
    def person(self) -> Person:
        assert self.actor is not None, "only people have this route"
        return self.actor

    @property
    def me(self) -> int:
        """The id of the person who acts."""
        return people.key(self.person)

    @property
    def here(self) -> Place:
        """Where the person acts."""
        assert self.place is not None, "only people have this route"
        return self.place

    @property
    def membership(self) -> Membership | None:
        return people.membership(self.session, self.community_id, self.me)

    @property
    def zone(self) -> ZoneInfo:
        """Return the acting person's time zone, or the community's if theirs is unknown or a timer fired."""
        own = self.actor.zone if self.actor else ""
        return ZoneInfo(own or (self.community_or_none.zone if self.community_or_none else "UTC"))

    def reads_given(self, at: datetime) -> bool:
        """Return whether the person reads what was given to the facilitators at this time.

        Those who facilitated then do, while they still facilitate, and those to whom one of them handed it over.
        """
        if not self.access.is_facilitator:
            return False
        if self._facilitated[0] != self.community_id:
            self._facilitated = self.community_id, appointments.periods(self.session, self.community_id, self.me)
        return any(period.covers(at) for period in self._facilitated[1])

    def post(self, to: Target, key: str, view: Callable[P, Message], *args: P.args, **kwargs: P.kwargs) -> None:
        """Post `view(*args)` to others, in their language. The outbox row is saved with this event's changes.

        Posting the same `key` again edits the message that was posted with it. A message that only holds until some
        moment is drawn anew then.
        """
        if self.drawing:
            self.drawing.take(to, key, lambda: view(*args, **kwargs))
            return
        posting = Posting(self, key, lambda: view(*args, **kwargs))
        match to:
            case ToCommunity(only):
                posting.to_channels(only)
            case ToThread(parent, broadcast):
                posting.in_thread(parent, broadcast)
            case ToCalendar():
                posting.to_calendars()
            case ToPerson(person):
                posting.to_person(person, is_request=to.is_request, ignores_quiet_hours=to.ignores_quiet_hours)
            case ToFacilitators():
                # What changes was meant for those who got it, not for somebody who facilitates since.
                earlier = {outbox.where(row.key) for row in outbox.copies(self.session, key)}
                for facilitator in people.facilitators(self.session, self.community_id):
                    if not earlier or f"p{facilitator.id}" in earlier:
                        posting.to_person(people.key(facilitator))
        if posting.is_written:
            self._end_at(key, posting.holds_until)

    def tell(
        self,
        news: News,
        view: Callable[P, Message],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Tell people, and perhaps the channels, that a fact has changed: each once, and nobody who knows it already.

        That is whom the `news` is for, and everybody who was told something else about the subject before. An earlier
        message that wasn't sent yet is taken back instead; if it had said the only thing that is no longer true, its
        receiver is told nothing.
        """
        told = told_facts.about(self.session, self.community_id, news.subject)
        channels = [str(c.id) for c in communities.channels(self.session, self.community_id)] if news.public else []
        uninformed = {f"p{person}" for person in news.to} | set(channels)
        places = [*channels, *(place for place in sorted({*uninformed, *told}) if place.startswith("p"))]
        for place in places:
            row = told.get(place)
            known = self._known(row) if row else None
            if place == f"p{news.by}":
                self._remember(row, news.now)
                continue
            if known is None and place in uninformed:
                known = news.was
            if known is None or known == news.now:
                self._remember(row, known)
                continue
            key = news.public if place in channels else news.key
            posting = Posting(self, key, lambda: view(*args, **kwargs))
            if place in channels:
                posting.to_channels([int(place)])
            else:
                posting.to_person(int(place[1:]))
            if posting.is_written:
                self._end_at(key, posting.holds_until)
                self._record_told(news.subject, news.now, place, key, row=row, before=known)

    def record_told(self, subject: str, fact: str, person: int, key: str, community: int) -> None:
        """Remember that a message, which may tell more, has told a person this fact about a subject."""
        place, row = f"p{person}", told_facts.told_person(self.session, community, subject, person)
        if row is None or row.fact != fact:
            self._record_told(
                subject, fact, place, key, row=row, before=row.fact if row else None, alone=False, community=community
            )

    def _known(self, row: ToldFact) -> str | None:
        """Return the last fact that reached somebody. What was not sent yet is taken back."""
        if not outbox.is_unsent(self.session, f"{row.key}@{row.place}"):
            return row.fact
        if row.is_alone:
            outbox.cancel_unsent(self.session, row.key, row.place)
        return row.before

    def _remember(self, row: ToldFact | None, known: str | None) -> None:
        """Correct what somebody was told last, after a message was taken back."""
        if row and known is None:
            told_facts.drop(self.session, row)
        elif row and known is not None and row.fact != known:
            row.fact, row.before, row.key, row.is_alone = known, None, "", False

    def _record_told(
        self,
        subject: str,
        fact: str,
        place: str,
        key: str,
        *,
        row: ToldFact | None,
        before: str | None,
        alone: bool = True,
        community: int | None = None,
    ) -> None:
        person = int(place[1:]) if place.startswith("p") else None
        if row is None:
            row = ToldFact(
                community_id=community or self.community_id,
                person_id=person,
                subject=subject,
                place=place,
                fact=fact,
                key=key,
                at=self.now,
            )
        row.place, row.fact, row.before, row.key, row.is_alone, row.at = place, fact, before, key, alone, self.now
        told_facts.add(self.session, row)

    def serialise(self) -> None:
        """Wait for other events of this community, as a route does that needs one, and keep them waiting."""
        database.serialise(self.session, self.community_id)

    def count_as_sent(self) -> None:
        """Count what the person who acts sends to others, once for each event. Raises Refusal if it is too much.

        `post` calls it for every new message. A handler does where their words reach others in a card that exists.
        """
        if self.actor is not None and self.place is not None and not self.is_counted:
            self.is_counted = True
            leads = self.access.role >= Role.FACILITATOR or self.access.manages_space
            brake.check(self.session, self.me, self.now, leads=leads)

    def redraw(self, key: str) -> None:
        """Post the message with this `key` anew, as its feature draws it now. Does nothing if it was not posted."""
        kind, value = split_key(key)
        draw = self.redraws.get(kind)
        if draw and outbox.has_copies(self.session, key):
            with self.rewriting():
                draw(self, value)

    @contextmanager
    def rewriting(self) -> Iterator[None]:
        """Inside, `post` only rewrites what people see or will: nothing new, taken back, deleted or given up."""
        before, self.rewrites_only = self.rewrites_only, True
        try:
            yield
        finally:
            self.rewrites_only = before

    def drawn(self, key: str, reader: int | None) -> Callable[[], Message] | None:
        """Return a view of the message with this `key` to `reader`, or to a channel, as its feature draws it now.

        None if no feature draws it, or what it showed is gone. Posts nothing.
        """
        kind, value = split_key(key)
        self.drawing = Drawing(key, reader)
        try:
            if draw := self.redraws.get(kind):
                draw(self, value)
            return self.drawing.view
        finally:
            self.drawing = None

    def _end_at(self, key: str, at: datetime | None) -> None:
        """Set the one timer that draws the message with `key` anew at this moment. None: it holds for good.

        Of several copies, such as direct messages to several people, the first that ends sets it.
        """
        # What has passed already would fire at once, and again and again.
        at = at if at and at > self.now else None
        if key in self.ends and (at is None or ((earlier := self.ends[key]) and earlier <= at)):
            return
        self.ends[key] = at
        if at:
            self.schedule_timer(signals.POST_ENDS, key, at=at)
        elif split_key(key)[0] in self.redraws:
            self.cancel_timer(signals.POST_ENDS, key)

    def schedule_timer(self, kind: str, value: str = "", *, at: datetime) -> None:
        """Schedule a TimerFired event. Scheduling the same kind and value again moves the timer."""
        timers.put(self.session, self.community_or_none.id if self.community_or_none else None, kind, value, at)
        self.work_queued = True

    def replace_timers(self, kinds: Collection[str], wanted: Mapping[tuple[str, str], datetime]) -> None:
        """Make the community's future timers of these `kinds` exactly `wanted`: moments by (kind, value)."""
        timers.replace(self.session, self.community_id, kinds, wanted, self.now)
        self.work_queued = True

    def cancel_timer(self, kind: str, value: str = "") -> None:
        timers.drop(self.session, self.community_or_none.id if self.community_or_none else None, kind, value)

    def audit(self, action: str, detail: str = "", *, of: Community | None = None) -> None:
        """Record what a facilitator or admin did, in this community, or `of` another one that it concerned.

        `detail` names things; it must never hold an answer.
        """
        community = of or self.community_or_none
        audit_log.record(
            self.session,
            community.id if community else None,
            self.actor.id if self.actor else None,
            action,
            detail,
            self.now,
        )

    def channel_kind(self, channel: str) -> str:
        """Return the bot.domain.channel_kinds.ChannelKind of a channel in the space where the person acts."""
        if channel == self.here.channel and self.here.channel_kind != "unknown":
            return self.here.channel_kind
        return self.kind_of_channel(self.here.platform, self.here.space, channel)

    def resolver(self, platform: str) -> MessageResolver:
        """Return the resolver of messages for a platform."""

        def account(person: int) -> str:
            row = people.account_on(self.session, person, platform)
            return row.external if row else ""

        return MessageResolver(self.community_or_none.id if self.community_or_none else None, self.root, account)


def split_key(key: str) -> tuple[str, str]:
    """Return what kind of post a key is for, and the rest: ("rounds.card", "7") for "rounds.card.7"."""
    feature, _dot, rest = key.partition(".")
    name, _dot, value = rest.partition(".")
    return f"{feature}.{name}", value


@dataclass
class Drawing:
    """The view with which a feature would post one message: that with `key`, to `reader` or, with None, a channel."""

    key: str
    reader: int | None
    view: Callable[[], Message] | None = None

    def take(self, to: Target, key: str, view: Callable[[], Message]) -> None:
        if key == self.key and (not isinstance(to, ToPerson) or to.person == self.reader):
            self.view = view


@dataclass
class Posting:
    """Writes one message to the outbox, once for each place it goes to. A row's key is "<key>@<where>".

    `is_written` is True once there is a copy, and `holds_until` is that of the last one.
    """

    ctx: Context
    key: str
    view: Callable[[], Message]
    is_written: bool = False
    holds_until: datetime | None = None

    def to_channels(self, only: Collection[int] = ()) -> None:
        """Post in those channels with these ids that are still there, or in each if none is."""
        channels = communities.channels(self.ctx.session, self.ctx.community_id)
        for channel in [each for each in channels if each.id in only] or channels:
            self._put(str(channel.id), channel.platform, channel.space, InChannel(channel.channel))

    def to_calendars(self) -> None:
        """Post once for each space, even if the community has several channels there."""
        channels = communities.channels(self.ctx.session, self.ctx.community_id)
        first = {(c.platform, c.space): c for c in reversed(channels) if c.platform in self.ctx.calendars}
        for channel in first.values():
            self._put(str(channel.id), channel.platform, channel.space, InCalendar())

    def in_thread(self, parent: str, broadcast: bool) -> None:
        """Post in the thread of each message that was posted with the key `parent`."""
        home = {str(c.id) for c in communities.channels(self.ctx.session, self.ctx.community_id)}
        for row in outbox.copies(self.ctx.session, parent):
            # Not in a channel that the community is no longer connected to.
            if (where := outbox.where(row.key)) in home:
                self._put(where, row.platform, row.space, InThread(row.key, broadcast))

    def to_person(self, person: int, *, is_request: bool = False, ignores_quiet_hours: bool = False) -> None:
        """Post to one account of a person. Does nothing if they have none. The flags are those of `ToPerson`."""
        row = people.get(self.ctx.session, person)
        accounts = people.accounts(self.ctx.session, person)
        if len(accounts) > 1:
            accounts = sorted(accounts, key=self._preference(person, accounts))
        if row and accounts:
            self._put(
                f"p{person}",
                accounts[0].platform,
                accounts[0].space,
                DirectMessage(accounts[0].external),
                person=row,
                is_request=is_request,
                ignores_quiet_hours=ignores_quiet_hours,
            )

    def _preference(
        self, person: int, accounts: Sequence[Account]
    ) -> Callable[[Account], tuple[bool, bool, bool, bool]]:
        """Return a sort key that puts the account to write to first.

        In order: the bot is installed in its space; the message that this one edits is there; this process delivers
        to its platform; the person is acting there now. Ties keep the order of `people.accounts`: most recently used
        first.
        """
        ctx = self.ctx
        acts_on = ctx.place.platform if ctx.place and ctx.actor and ctx.actor.id == person else ""
        earlier = outbox.by_key(ctx.session, f"{self.key}@p{person}")
        posted_on = earlier.platform if earlier and earlier.receipt else ""

        gone = installations.removed_spaces(ctx.session, {(account.platform, account.space) for account in accounts})

        def rank(account: Account) -> tuple[bool, bool, bool, bool]:
            runs = ctx.running is None or account.platform in ctx.running
            removed = (account.platform, account.space) in gone
            return removed, account.platform != posted_on, not runs, account.platform != acts_on

        return rank

    def _put(
        self,
        where: str,
        platform: str,
        space: str,
        address: Address,
        *,
        person: Person | None = None,
        is_request: bool = False,
        ignores_quiet_hours: bool = False,
    ) -> None:
        ctx, community = self.ctx, self.ctx.community_or_none
        if ctx.rewrites_only and not outbox.can_rewrite(ctx.session, f"{self.key}@{where}"):
            return
        composed = compose(ctx, platform, person, self.view)
        self.is_written, self.holds_until = True, composed.message.holds_until
        row = outbox.put(
            ctx.session,
            key=f"{self.key}@{where}",
            platform=platform,
            space=space,
            address=ADDRESS.dump_json(address).decode(),
            message=composed.json,
            now=ctx.now,
            person=person.id if person else None,
            is_request=is_request,
            ignores_quiet_hours=ignores_quiet_hours,
            community=community.id if community else None,
            event_id=event_id(),
        )
        post_subjects.record(ctx.session, row, composed.subjects)
        ctx.work_queued = True
        if row.version == 1 and row.made_at == ctx.now and (person is None or ctx.actor is not person):
            ctx.count_as_sent()


class Composed(NamedTuple):
    """A message as it was composed for one place, its JSON for the outbox, and whom it shows."""

    message: Message
    json: str
    subjects: frozenset[int]


def compose(ctx: Context, platform: str, reader: Person | None, view: Callable[[], Message]) -> Composed:
    """Compose a message in the language of its reader, or of the community."""
    community = ctx.community_or_none
    with speaking(reader.locale if reader else community.locale if community else DEFAULT):
        message = ctx.resolver(platform).message(view())
    return Composed(message, MESSAGE.dump_json(message).decode(), frozenset(message.subjects))
