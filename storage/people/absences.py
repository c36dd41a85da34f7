"""Absences: when members are left alone in a community, because they are away or want no more questions this week.

Until when is a day of the person's own, so it moves with them if their time zone changes.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Field, Session, SQLModel, col, select

from storage.communities.communities import Community
from storage.database.personal import DELETE, personal
from storage.people.people import Person

# AWAY: nothing private is sent, and participation is counted without them. MUTED: they get no questions.
AWAY, MUTED = "away", "muted"


class Absence(SQLModel, table=True):
    """A time for which a member is left alone in a community. Key: `id`.

    Deleted when they leave, and some months after its season, like answers (`storage.privacy.retention`).
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE, label="times away", written="since"),
    )
    kind: str  # AWAY or MUTED
    since: datetime
    back_on: date  # the first day on which they are there again
    # When they came back before that day, or were told on it that they are back.
    ended_at: datetime | None = None


def begin(session: Session, community: int, person: int, kind: str, now: datetime, back_on: date) -> Absence:
    """Record an absence from now on. One of this kind that is under way gets the new end."""
    row = None
    for earlier in under_way(session, person, kind, community):
        # Its day has surely come, in every time zone.
        if earlier.back_on < now.date():
            earlier.ended_at = now
        else:
            row = earlier
    if row is None:
        row = Absence(community_id=community, person_id=person, kind=kind, since=now, back_on=back_on)
        session.add(row)
    row.back_on = back_on
    session.flush()
    return row


def under_way(session: Session, person: int, kind: str = "", community: int | None = None) -> Sequence[Absence]:
    """Return the absences of a person that were not ended, oldest first, also those whose day has come meanwhile."""
    query = select(Absence).where(Absence.person_id == person, col(Absence.ended_at).is_(None))
    if kind:
        query = query.where(Absence.kind == kind)
    if community is not None:
        query = query.where(Absence.community_id == community)
    return session.exec(query.order_by(col(Absence.id))).all()


def covers(row: Absence, at: datetime, zone: str) -> bool:
    """Return whether somebody in this time zone is absent at a moment."""
    if at < row.since or (row.ended_at and at >= row.ended_at):
        return False
    return at.astimezone(ZoneInfo(zone)).date() < row.back_on


def now_in(session: Session, community: int, person: int, at: datetime, zone: str) -> str:
    """Return AWAY or MUTED if the person is that in the community at this moment, else ""."""
    kinds = {row.kind for row in under_way(session, person, community=community) if covers(row, at, zone)}
    return AWAY if AWAY in kinds else MUTED if kinds else ""


def absent_at(session: Session, community: int, at: datetime, kinds: Sequence[str] = (AWAY, MUTED)) -> frozenset[int]:
    """Return who is absent from a community at a moment, of people who have not left it."""
    return frozenset(
        row.person_id for row, zone in _of(session, community) if row.kind in kinds and covers(row, at, zone)
    )


def of_community(session: Session, community: int) -> Sequence[tuple[Absence, str]]:
    """Return every absence from a community, with the zone of its person."""
    return list(_of(session, community))


def away_during(absences: Sequence[tuple[Absence, str]], start: datetime, end: datetime) -> frozenset[int]:
    """Return who was away for more than half of a time, such as that for which a question was open.

    `absences` are those of the community. Participation is counted without them, unless they answered all the same.
    """
    return frozenset(
        row.person_id
        for row, zone in absences
        if row.kind == AWAY and (_end(row, zone, end) - max(row.since, start)) * 2 > end - start
    )


def _end(row: Absence, zone: str, until: datetime) -> datetime:
    back = datetime.combine(row.back_on, time(0), ZoneInfo(zone))
    return min(until, back, row.ended_at or until)


def _of(session: Session, community: int) -> Iterator[tuple[Absence, str]]:
    """Yield every absence from a community, with the zone of its person."""
    rows = session.exec(
        select(Absence, Person.zone, Community.zone)
        .join(Person, col(Person.id) == Absence.person_id)
        .join(Community, col(Community.id) == Absence.community_id)
        .where(Absence.community_id == community)
        .order_by(col(Absence.id))
    )
    for row, own, usual in rows:
        yield row, own or usual
