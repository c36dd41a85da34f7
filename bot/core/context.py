"""What a handler is given besides the event. Everything a handler may do to the world is here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.core.errors import Refusal
from bot.core.events import Place
from bot.core.permissions import Access
from bot.core.platform import Address, DirectMessage, InCalendar, InChannel, InThread
from bot.core.resolver import MessageResolver
from bot.core.routes import AuditedAction, CommandSpec, TimerLabels
from bot.i18n import DEFAULT, speaking
from bot.i18n import gettext as _
from bot.telemetry.logs import event_id
from bot.ui import Message, Target, ToCalendar, ToCommunity, ToFacilitators, ToPerson, ToThread
from storage.communities import communities, installations
from storage.communities.communities import Community
from storage.messaging import outbox, timers
from storage.operations import audit_log
from storage.people import people
from storage.people.identity import Presence
from storage.people.people import Account, Membership, Person

P = ParamSpec("P")
MESSAGE = TypeAdapter(Message)
ADDRESS: TypeAdapter[Address] = TypeAdapter(Address)


@dataclass
class Context:
    session: Session  # one transaction; only App.handle commits it
    now: datetime
    root: str  # the root word of commands here
    place: Place | None = None  # None: the clock acts
    actor: Person | None = None
    community_or_none: Community | None = None  # the community that is meant, if any
    access: Access = field(default_factory=Access)
    presence: Presence | None = None  # what one question told of who acts, before the handler changed anything
    previews: Mapping[str, Callable[["Context", str], Message | None]] = field(default_factory=dict)  # by timer kind
    commands: Sequence[CommandSpec] = ()  # every command there is, for help
    timer_labels: Mapping[str, TimerLabels] = field(default_factory=dict)  # how people are told of them, by kind
    audited: Mapping[str, AuditedAction] = field(default_factory=dict)  # what each action that is noted stands for
    running: Collection[str] | None = None  # the platforms that messages are carried to; None: not known
    calendars: Collection[str] = ()  # the platforms with a calendar of their own
    address: str = ""  # where the bot's own pages are reached from outside; "": nowhere
    component_status: Callable[[], Mapping[str, bool]] = dict  # of the process at work: which of them work
    work_queued: bool = False  # something waits to be sent or woken for

    @property
    def community(self) -> Community:
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
        return people.key(self.person)

    @property
    def here(self) -> Place:
        assert self.place is not None, "only people have this route"
        return self.place

    @property
    def membership(self) -> Membership | None:
        return people.membership(self.session, self.community_id, self.me)

    @property
    def zone(self) -> ZoneInfo:
        """The acting person's time zone; the community's where theirs is not known, or the clock acts."""
        own = self.actor.zone if self.actor else ""
        return ZoneInfo(own or (self.community_or_none.zone if self.community_or_none else "UTC"))

    def post(self, to: Target, key: str, view: Callable[P, Message], *args: P.args, **kwargs: P.kwargs) -> None:
        """Say `view(*args)` to others, in their language, once this event's work is saved.

        Posting the same `key` again rewrites the same message where it stands.
        """
        posting = Posting(self, key, lambda: view(*args, **kwargs))
        match to:
            case ToCommunity():
                posting.to_channels()
            case ToThread(parent, aloud):
                posting.under(parent, aloud)
            case ToCalendar():
                posting.to_calendars()
            case ToPerson(person):
                posting.to_person(person, ask=to.is_request, at_once=to.ignores_quiet_hours)
            case ToFacilitators():
                for facilitator in people.facilitators(self.session, self.community_id):
                    posting.to_person(people.key(facilitator))

    def schedule_timer(self, kind: str, value: str = "", *, at: datetime) -> None:
        """Ask for a Due event at a moment; asking again for the same kind and value moves it."""
        timers.put(self.session, self.community_or_none.id if self.community_or_none else None, kind, value, at)
        self.work_queued = True

    def replace_timers(self, kinds: Collection[str], wanted: Mapping[tuple[str, str], datetime]) -> None:
        """Ask for exactly these moments, by kind and value, of all that are to come of their `kinds` here."""
        timers.keep(self.session, self.community_id, kinds, wanted, self.now)
        self.work_queued = True

    def cancel_timer(self, kind: str, value: str = "") -> None:
        timers.drop(self.session, self.community_or_none.id if self.community_or_none else None, kind, value)

    def audit(self, action: str, detail: str = "") -> None:
        """Write down what a facilitator or admin did. `detail` names things, never what a person answered."""
        audit_log.record(
            self.session,
            self.community_or_none.id if self.community_or_none else None,
            self.actor.id if self.actor else None,
            action,
            detail,
            self.now,
        )

    def resolver(self, platform: str) -> MessageResolver:
        def account(person: int) -> str:
            row = people.account_on(self.session, person, platform)
            return row.external if row else ""

        return MessageResolver(self.community_or_none.id if self.community_or_none else None, self.root, account)


@dataclass
class Posting:
    """A message on its way into the outbox."""

    ctx: Context
    key: str
    view: Callable[[], Message]

    def to_channels(self) -> None:
        for channel in communities.channels(self.ctx.session, self.ctx.community_id):
            self._put(str(channel.id), channel.platform, channel.space, InChannel(channel.channel))

    def to_calendars(self) -> None:
        """Once for each space, however many channels the community lives in there."""
        channels = communities.channels(self.ctx.session, self.ctx.community_id)
        first = {(c.platform, c.space): c for c in reversed(channels) if c.platform in self.ctx.calendars}
        for channel in first.values():
            self._put(str(channel.id), channel.platform, channel.space, InCalendar())

    def under(self, parent: str, aloud: bool) -> None:
        home = {str(c.id) for c in communities.channels(self.ctx.session, self.ctx.community_id)}
        for row in outbox.of(self.ctx.session, parent):
            if (where := outbox.where(row.key)) in home:  # never where the community lives no more
                self._put(where, row.platform, row.space, InThread(row.key, aloud))

    def to_person(self, person: int, *, ask: bool = False, at_once: bool = False) -> None:
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
                ask=ask,
                at_once=at_once,
            )

    def _preference(
        self, person: int, accounts: Sequence[Account]
    ) -> Callable[[Account], tuple[bool, bool, bool, bool]]:
        """Where the bot is let in; there where it stands already, else where messages are carried, they are asking,
        they last spoke.
        """
        ctx = self.ctx
        asked_on = ctx.place.platform if ctx.place and ctx.actor and ctx.actor.id == person else ""
        stands = outbox.by_key(ctx.session, f"{self.key}@p{person}")
        stands_on = stands.platform if stands and stands.receipt else ""

        gone = installations.gone(ctx.session, {(account.platform, account.space) for account in accounts})

        def rank(account: Account) -> tuple[bool, bool, bool, bool]:
            carried = ctx.running is None or account.platform in ctx.running
            away = (account.platform, account.space) in gone
            return away, account.platform != stands_on, not carried, account.platform != asked_on

        return rank

    def _put(
        self,
        where: str,
        platform: str,
        space: str,
        address: Address,
        *,
        person: Person | None = None,
        ask: bool = False,
        at_once: bool = False,
    ) -> None:
        ctx, community = self.ctx, self.ctx.community_or_none
        with speaking(person.locale if person else community.locale if community else DEFAULT):
            message = ctx.resolver(platform).message(self.view())
        outbox.put(
            ctx.session,
            key=f"{self.key}@{where}",
            platform=platform,
            space=space,
            address=ADDRESS.dump_json(address).decode(),
            message=MESSAGE.dump_json(message).decode(),
            now=ctx.now,
            person=person.id if person else None,
            ask=ask,
            at_once=at_once,
            community=community.id if community else None,
            event_id=event_id(),
        )
        ctx.work_queued = True
