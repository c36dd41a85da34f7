"""People, their accounts on each platform, and their memberships."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, or_, select

from storage.communities.communities import Channel
from storage.database.id_list import OneOf, listed
from storage.database.personal import DELETE, KEEP, personal

FACILITATOR = 2  # bot.core.permissions.Role.FACILITATOR
# `seen_at` is only written when it is off by more than this, so that an event that only reads seldom needs a write.
SEEN = timedelta(minutes=10)


class Person(SQLModel, table=True):
    """One human being, however many accounts they have. Key: `id`.

    Deleted when they delete their data, when they are merged into another person (`account_links`), or when the only
    space they were seen in is purged. A row without accounts stands for people whose names were removed.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = ""
    locale: str = "en"
    # Chosen by the person, so the platform's value no longer overwrites it.
    locale_chosen: bool = False
    # IANA name. "": neither the person nor their platform said; the community's applies.
    zone: str = ""
    zone_chosen: bool = False
    # Quiet hours, in hours of the person's own day.
    quiet_from: int = 20
    quiet_to: int = 8
    # On Saturdays and Sundays, private messages wait as in quiet hours.
    rests_weekends: bool = False
    snoozed_until: datetime | None = None
    # Since when none of their accounts works. Meanwhile they count nowhere, and nothing of theirs changes.
    away_since: datetime | None = None


class Account(SQLModel, table=True):
    """A person as one platform knows them. Key: platform and `external`, the platform's id for them.

    Deleted with the person, or when its space is purged. Linking accounts moves it to another person.
    """

    __table_args__ = (UniqueConstraint("platform", "external"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP, label="accounts"),
    )
    platform: str
    space: str  # where they were last seen
    external: str
    name: str = ""
    # The platform's id for the same user at home, where `external` is their id in a space that is not theirs.
    home_external: str = Field(default="", index=True)
    # None: somebody else named them, and they have never acted.
    seen_at: datetime | None = None
    # Since when the platform says that it is switched off. None: it works, as far as is known.
    off_since: datetime | None = None


class Membership(SQLModel, table=True):
    """What a person is in a community, and what they chose there. Key: community and person.

    The row stays, with `left_at`, when a member leaves. It is deleted with the person, and with the community.
    """

    __table_args__ = (UniqueConstraint("community_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP, label="communities", words=("role_group", "organization")),
    )
    role: int = 1  # bot.core.permissions.Role: 1 member, 2 facilitator, 3 admin
    # For an admin who facilitates too. A facilitator has the role, and this stays False.
    facilitates: bool = False
    role_group: str = ""  # "youth worker", "staff leader", …
    # Read through `storage.people.organizations`, because it opens nothing before someone else confirmed it.
    organization: str = ""
    organization_confirmed: bool = False
    # When colleagues or facilitators were last asked.
    organization_asked_at: datetime | None = None
    # None: was given a role, but has not joined.
    joined_at: datetime | None = None
    left_at: datetime | None = None
    # They asked to join and wait for a facilitator's answer; a facilitator said no; a facilitator invited them; a
    # facilitator removed them. Joining clears all four.
    requested_at: datetime | None = None
    declined_at: datetime | None = None
    invited_at: datetime | None = None
    removed_at: datetime | None = None
    removal_reason: str = ""
    # Facilitators may see their name among those who have not been heard from.
    visible: bool = False
    # Welcomes nudges before a round closes, and catch-ups after a missed meeting.
    nudges: bool = True
    # Welcomes private reminders of meetings they answered yes or maybe to.
    reminders: bool = True
    # Steps of bot.domain.reminder_steps, separated by spaces. "": those of the community that are nearer than a week.
    remind_steps: str = ""
    # Also reminded of meetings they have not answered.
    remind_open: bool = False
    # The last reminder may come in their quiet hours.
    remind_last: bool = False
    # Their RSVP to every planned meeting: one of storage.meetings.rsvps.ANSWERS, or "".
    standing_reply: str = ""
    # Facilitators may see by name how often they attended.
    shows_attendance: bool = False


# Nearly every event runs this query, so it is built once.
MEMBERSHIP = select(Membership).where(
    Membership.community_id == bindparam("community"), Membership.person_id == bindparam("person")
)


NAMED = select(col(Person.id), col(Person.name)).where(OneOf(col(Person.id)))


def account(session: Session, platform: str, external: str) -> Account | None:
    return session.exec(select(Account).where(Account.platform == platform, Account.external == external)).first()


def get_or_create(
    session: Session,
    *,
    platform: str,
    space: str,
    external: str,
    name: str = "",
    locale: str = "",
    zone: str = "",
    home_external: str = "",
    now: datetime | None = None,
) -> Person:
    """Return the person behind an account; both are created when the account is first seen.

    A user whom the platform knows in another space already is the same person. Pass `now` only if they are the one who
    acts, not if somebody else named them.
    """
    found = session.exec(
        select(Account, Person).join(Person).where(Account.platform == platform, Account.external == external)
    ).first()
    if found:
        refresh(*found, space=space, name=name, locale=locale, zone=zone, home_external=home_external, now=now)
        return found[1]
    person = _known_elsewhere(session, platform, home_external or external)
    if person is None:
        person = Person(name=name, locale=locale or "en", zone=zone)
        session.add(person)
        session.flush()
    known = Account(
        person_id=key(person),
        platform=platform,
        space=space,
        external=external,
        name=name,
        home_external=home_external,
        seen_at=now,
    )
    session.add(known)
    session.flush()
    return person


def _known_elsewhere(session: Session, platform: str, home_external: str) -> Person | None:
    same = or_(col(Account.home_external) == home_external, col(Account.external) == home_external)
    return session.exec(
        select(Person).join(Account).where(Account.platform == platform, same).order_by(col(Account.id))
    ).first()


def is_guest(session: Session, person: int, spaces: Collection[tuple[str, str]]) -> bool:
    """Return whether somebody has accounts in `spaces` (platform and space), but none that is at home there.

    Without any space it isn't known where home is, so one account from elsewhere is enough.
    """
    if not spaces:
        return any(row.home_external for row in accounts(session, person))
    theirs = [row for row in accounts(session, person) if (row.platform, row.space) in spaces]
    return bool(theirs) and all(row.home_external for row in theirs)


def refresh(
    known: Account,
    person: Person,
    *,
    space: str,
    name: str = "",
    locale: str = "",
    zone: str = "",
    home_external: str = "",
    now: datetime | None = None,
) -> None:
    """Save what the platform says of somebody now, as far as it has changed."""
    said = {"space": space, "name": name, "locale": locale, "zone": zone, "home_external": home_external}
    for row, column, value in profile_changes(known, person, **said, now=now):
        setattr(row, column, value)


def profile_changes(
    known: Account,
    person: Person,
    *,
    space: str,
    name: str = "",
    locale: str = "",
    zone: str = "",
    home_external: str = "",
    now: datetime | None = None,
) -> Iterator[tuple[SQLModel, str, object]]:
    """Yield what `refresh` would change: (row, column, value)."""
    if name and known.name != name:
        yield known, "name", name
        yield person, "name", name
    if now:
        # Whoever acts is there.
        if known.off_since:
            yield known, "off_since", None
        if person.away_since:
            yield person, "away_since", None
        if known.seen_at is None or now - known.seen_at > SEEN or (space and known.space != space):
            yield known, "seen_at", now
            yield known, "space", space or known.space
        if known.home_external != home_external:
            yield known, "home_external", home_external
        if not person.locale_chosen and locale and person.locale != locale:
            yield person, "locale", locale
    if zone and not person.zone_chosen and person.zone != zone:
        yield person, "zone", zone


def choose_locale(person: Person, locale: str) -> None:
    person.locale, person.locale_chosen = locale, True


def key(row: Person) -> int:
    assert row.id is not None
    return row.id


def switch_off(session: Session, row: Account, now: datetime) -> bool:
    """Record that an account no longer works. Returns whether its person is away now and wasn't before."""
    row.off_since = row.off_since or now
    session.flush()
    person = session.get_one(Person, row.person_id)
    if person.away_since or any(each.off_since is None for each in accounts(session, row.person_id)):
        return False
    person.away_since = now
    session.flush()
    return True


def switch_on(session: Session, row: Account) -> bool:
    """Record that an account works again. Returns whether its person was away."""
    row.off_since = None
    person = session.get_one(Person, row.person_id)
    was_away, person.away_since = person.away_since is not None, None
    session.flush()
    return was_away


def get(session: Session, id: int) -> Person | None:
    return session.get(Person, id)


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the name of each person, by id."""
    return {row.id: row.name for row in session.execute(NAMED, listed(ids))} if ids else {}


def accounts(session: Session, person: int) -> Sequence[Account]:
    """Return a person's accounts, most recently used first."""
    return session.exec(
        select(Account)
        .where(Account.person_id == person)
        .order_by(col(Account.seen_at).desc().nulls_last(), col(Account.id))
    ).all()


def working_account(session: Session, person: int) -> Account | None:
    """Return the person's most recently used account that is not switched off."""
    return next((row for row in accounts(session, person) if row.off_since is None), None)


def account_on(session: Session, person: int, platform: str) -> Account | None:
    """Return the person's most recently used account on a platform."""
    return session.exec(
        select(Account)
        .where(Account.person_id == person, Account.platform == platform)
        .order_by(col(Account.seen_at).desc().nulls_last(), col(Account.id))
    ).first()


def membership(session: Session, community: int, person: int) -> Membership | None:
    return session.exec(MEMBERSHIP, params={"community": community, "person": person}).first()


def enrol(session: Session, community: int, person: int) -> Membership:
    """Return the person's row in this community, created if needed. The caller sets `joined_at` if they join."""
    row = membership(session, community, person)
    if row is None:
        row = Membership(community_id=community, person_id=person)
        session.add(row)
        session.flush()
    return row


def is_member(row: Membership | None) -> bool:
    """Return whether they have joined and not left."""
    return row is not None and row.joined_at is not None and row.left_at is None


def join(row: Membership, now: datetime) -> None:
    """Make the person a member, whatever they were before."""
    row.joined_at = now
    row.left_at = row.requested_at = row.declined_at = row.invited_at = row.removed_at = None
    row.removal_reason = ""


def is_known(row: Membership | None) -> bool:
    """Return whether the community and the person know of each other: by joining, a role, a request, or an invitation.

    That holds after leaving too. Nobody comes to know of a community by being named in a row only.
    """
    return row is not None and (
        row.role > 1
        or any(at is not None for at in (row.joined_at, row.left_at, row.requested_at, row.invited_at, row.declined_at))
    )


def known_communities(session: Session, person: int) -> Sequence[int]:
    """Return the communities that the person has not joined, or has left, and that know of them, oldest first."""
    rows = session.exec(select(Membership).where(Membership.person_id == person).order_by(col(Membership.id)))
    return [row.community_id for row in rows if is_known(row) and not is_member(row)]


def requests(session: Session, community: int) -> Sequence[Person]:
    """Return who waits for a facilitator's answer, first to ask first."""
    return _waiting(session, community, Membership.requested_at)


def invited(session: Session, community: int) -> Sequence[Person]:
    """Return who was invited and has not answered, first to be invited first."""
    return _waiting(session, community, Membership.invited_at)


def _waiting(session: Session, community: int, since: Any) -> Sequence[Person]:
    return session.exec(
        select(Person)
        .join(Membership)
        .where(Membership.community_id == community, since.is_not(None))
        .order_by(since, col(Membership.id))
    ).all()


def joined_between(session: Session, community: int, since: datetime, until: datetime) -> Sequence[Person]:
    """Return the members who joined at or after `since` and before `until`, in the order they joined."""
    return session.exec(
        select(Person)
        .join(Membership)
        .where(
            Membership.community_id == community,
            col(Membership.joined_at) >= since,
            col(Membership.joined_at) < until,
            col(Membership.left_at).is_(None),
        )
        .order_by(col(Membership.joined_at), col(Membership.id))
    ).all()


BELONGS = (col(Membership.joined_at).is_not(None), col(Membership.left_at).is_(None))
_Away = aliased(Person)
IS_AWAY = select(_Away.id).where(_Away.id == Membership.person_id, col(_Away.away_since).is_not(None)).exists()
# Those who belong to a community and whom the bot can still meet.
JOINED = (*BELONGS, ~IS_AWAY)


def members(session: Session, community: int) -> Sequence[tuple[Membership, Person]]:
    """Return everybody who has joined and not left, in the order they joined."""
    return session.exec(
        select(Membership, Person)
        .join(Person)
        .where(Membership.community_id == community, *JOINED)
        .order_by(col(Membership.joined_at), col(Membership.id))
    ).all()


def with_role(session: Session, community: int, least: int) -> Sequence[Person]:
    """Return those whose own role is at least `least`, whether or not they joined. Mapped roles do not count."""
    return session.exec(
        select(Person)
        .join(Membership)
        .where(Membership.community_id == community, Membership.role >= least, col(Membership.left_at).is_(None))
        .order_by(col(Membership.id))
    ).all()


def does_facilitate(row: Membership | None) -> bool:
    """Return whether they facilitate: by their role, or as an admin who facilitates too."""
    return row is not None and row.left_at is None and (row.role == FACILITATOR or row.facilitates)


def is_facilitated(session: Session, community: int) -> bool:
    """Return whether anybody facilitates this community; an admin alone does not count."""
    return any(
        does_facilitate(row)
        for row in session.exec(select(Membership).where(Membership.community_id == community, Membership.role >= 2))
    )


def facilitators(session: Session, community: int) -> Sequence[Person]:
    """Return who facilitates, or the admins if nobody does, so that messages to facilitators reach somebody."""
    found = session.exec(
        select(Person)
        .join(Membership)
        .where(
            Membership.community_id == community,
            or_(Membership.role == FACILITATOR, col(Membership.facilitates)),
            col(Membership.left_at).is_(None),
            ~IS_AWAY,
        )
        .order_by(col(Membership.id))
    ).all()
    return found or [person for person in with_role(session, community, FACILITATOR) if person.away_since is None]


def accounts_and_spaces(session: Session, platform: str, *, without: str) -> Sequence[tuple[str, str]]:
    """Return each account of who belongs to a community or leads it, with each space where that community lives.

    Also of those who are away. Channels that can't be reached for the reason `without` are left out.
    """
    return session.exec(
        select(Account.external, Channel.space)
        .join(Membership, col(Membership.person_id) == Account.person_id)
        .join(Channel, col(Channel.community_id) == Membership.community_id)
        .where(
            Channel.platform == platform,
            Channel.unreachable != without,
            Account.platform == platform,
            or_(col(Membership.joined_at).is_not(None), Membership.role >= FACILITATOR),
            col(Membership.left_at).is_(None),
        )
        .distinct()
        .order_by(Account.external, Channel.space)
    ).all()


def memberships(session: Session, person: int) -> Sequence[Membership]:
    """Return the person's memberships that they have not left, also while they are away."""
    return session.exec(
        select(Membership).where(Membership.person_id == person, *BELONGS).order_by(col(Membership.id))
    ).all()


def communities_of(session: Session, person: int) -> Sequence[int]:
    """Return the communities that the person has joined and not left, in the order they joined."""
    return session.exec(
        select(Membership.community_id)
        .where(Membership.person_id == person, *JOINED)
        .order_by(col(Membership.joined_at), col(Membership.id))
    ).all()


def communities_run_by(session: Session, person: int, least: int) -> Sequence[int]:
    """Return the communities where the person's own role is at least `least`."""
    return session.exec(
        select(Membership.community_id)
        .where(Membership.person_id == person, Membership.role >= least, col(Membership.left_at).is_(None))
        .order_by(col(Membership.community_id))
    ).all()
