"""People, their accounts on each platform, and their memberships."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, or_, select

from storage.database.personal import DELETE, KEEP, personal

FACILITATOR = 2  # as bot.core.permissions.Role counts
SEEN = timedelta(minutes=10)  # how exactly it is kept when somebody was last seen: looking needs no writing


class Person(SQLModel, table=True):
    """One human being, whatever number of accounts they have."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = ""
    locale: str = "en"
    locale_chosen: bool = False  # they said so themselves: the platform no longer changes it
    zone: str = ""  # IANA name; "" until they or their platform tell it: then the community's
    zone_chosen: bool = False  # they said so themselves: the platform no longer changes it
    quiet_from: int = 20  # hours of their own day between which they are left in peace
    quiet_to: int = 8
    snoozed_until: datetime | None = None


class Account(SQLModel, table=True):
    """A person as one platform knows them. `external` is unique on its platform."""

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
    seen_at: datetime | None = None  # None: named by somebody else, has never acted


class Membership(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("community_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP, label="communities"),
    )
    role: int = 1  # bot.core.permissions.Role: 1 member, 2 facilitator, 3 admin
    facilitates: bool = False  # an admin who facilitates too; a facilitator does by that role
    role_group: str = ""  # "youth worker", "staff leader", ...
    organization: str = ""
    joined_at: datetime | None = None  # None: given a role, has not joined
    left_at: datetime | None = None
    visible: bool = False  # facilitators may see, by name, that they have not been heard from
    nudges: bool = True  # may be reminded once, privately, of an open check-in or prompt
    reminders: bool = True  # of meetings they said yes or maybe to, privately
    remind_steps: str = ""  # how long before: steps of bot.domain.reminder_steps; "" for the community's within a week
    remind_open: bool = False  # also of meetings they have not answered about
    remind_last: bool = False  # the last one may come in their quiet hours
    standing_reply: str = ""  # what they say to every meeting that is planned: one of storage.meetings.rsvps.ANSWERS
    shows_attendance: bool = False  # facilitators may see, by name, how often they were there


# Asked at nearly every event, so it is put together once.
MEMBERSHIP = select(Membership).where(
    Membership.community_id == bindparam("community"), Membership.person_id == bindparam("person")
)


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
    now: datetime | None = None,
) -> Person:
    """The person behind an account, made on first sight. With `now`, they are the one who acts."""
    found = session.exec(
        select(Account, Person).join(Person).where(Account.platform == platform, Account.external == external)
    ).first()
    if found:
        refresh(*found, space=space, name=name, locale=locale, zone=zone, now=now)
        return found[1]
    person = Person(name=name, locale=locale or "en", zone=zone)
    session.add(person)
    session.flush()
    known = Account(person_id=key(person), platform=platform, space=space, external=external, name=name, seen_at=now)
    session.add(known)
    session.flush()
    return person


def refresh(
    known: Account,
    person: Person,
    *,
    space: str,
    name: str = "",
    locale: str = "",
    zone: str = "",
    now: datetime | None = None,
) -> None:
    """Note what the platform now says of somebody, where it is news."""
    for row, column, value in profile_changes(known, person, space=space, name=name, locale=locale, zone=zone, now=now):
        setattr(row, column, value)


def profile_changes(
    known: Account,
    person: Person,
    *,
    space: str,
    name: str = "",
    locale: str = "",
    zone: str = "",
    now: datetime | None = None,
) -> Iterator[tuple[SQLModel, str, object]]:
    """What `refresh` would note: row, column and value."""
    if name and known.name != name:
        yield known, "name", name
        yield person, "name", name
    if now:
        if known.seen_at is None or now - known.seen_at > SEEN or (space and known.space != space):
            yield known, "seen_at", now
            yield known, "space", space or known.space
        if not person.locale_chosen and locale and person.locale != locale:
            yield person, "locale", locale
    if zone and not person.zone_chosen and person.zone != zone:
        yield person, "zone", zone


def choose_locale(person: Person, locale: str) -> None:
    person.locale, person.locale_chosen = locale, True


def key(row: Person) -> int:
    assert row.id is not None
    return row.id


def get(session: Session, id: int) -> Person | None:
    return session.get(Person, id)


def accounts(session: Session, person: int) -> Sequence[Account]:
    """Most recently used first."""
    return session.exec(
        select(Account)
        .where(Account.person_id == person)
        .order_by(col(Account.seen_at).desc().nulls_last(), col(Account.id))
    ).all()


def account_on(session: Session, person: int, platform: str) -> Account | None:
    return session.exec(
        select(Account)
        .where(Account.person_id == person, Account.platform == platform)
        .order_by(col(Account.seen_at).desc().nulls_last(), col(Account.id))
    ).first()


def membership(session: Session, community: int, person: int) -> Membership | None:
    return session.exec(MEMBERSHIP, params={"community": community, "person": person}).first()


def enrol(session: Session, community: int, person: int) -> Membership:
    """The person's row in this community, made if it is not there; joining is for the caller to mark."""
    row = membership(session, community, person)
    if row is None:
        row = Membership(community_id=community, person_id=person)
        session.add(row)
        session.flush()
    return row


def is_member(row: Membership | None) -> bool:
    return row is not None and row.joined_at is not None and row.left_at is None


JOINED = (col(Membership.joined_at).is_not(None), col(Membership.left_at).is_(None))


def members(session: Session, community: int) -> Sequence[tuple[Membership, Person]]:
    """Everybody who has joined and not left, in the order they joined."""
    return session.exec(
        select(Membership, Person)
        .join(Person)
        .where(Membership.community_id == community, *JOINED)
        .order_by(col(Membership.joined_at), col(Membership.id))
    ).all()


def with_role(session: Session, community: int, least: int) -> Sequence[Person]:
    """Those who hold a role of their own of at least `least`, whether or not they joined as members."""
    return session.exec(
        select(Person)
        .join(Membership)
        .where(Membership.community_id == community, Membership.role >= least, col(Membership.left_at).is_(None))
        .order_by(col(Membership.id))
    ).all()


def does_facilitate(row: Membership | None) -> bool:
    return row is not None and row.left_at is None and (row.role == FACILITATOR or row.facilitates)


def is_facilitated(session: Session, community: int) -> bool:
    """Whether somebody facilitates, and not only administers."""
    return any(
        does_facilitate(row)
        for row in session.exec(select(Membership).where(Membership.community_id == community, Membership.role >= 2))
    )


def facilitators(session: Session, community: int) -> Sequence[Person]:
    """Who facilitates; the admins where nobody does, so that what facilitators are told reaches somebody."""
    found = session.exec(
        select(Person)
        .join(Membership)
        .where(
            Membership.community_id == community,
            or_(Membership.role == FACILITATOR, col(Membership.facilitates)),
            col(Membership.left_at).is_(None),
        )
        .order_by(col(Membership.id))
    ).all()
    return found or with_role(session, community, FACILITATOR)


def communities_of(session: Session, person: int) -> Sequence[int]:
    """Where the person has joined, oldest first."""
    return session.exec(
        select(Membership.community_id)
        .where(Membership.person_id == person, *JOINED)
        .order_by(col(Membership.joined_at), col(Membership.id))
    ).all()


def communities_run_by(session: Session, person: int, least: int) -> Sequence[int]:
    return session.exec(
        select(Membership.community_id)
        .where(Membership.person_id == person, Membership.role >= least, col(Membership.left_at).is_(None))
        .order_by(col(Membership.community_id))
    ).all()
