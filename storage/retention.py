"""How long answers are kept: until some months after the end of the season they were given in."""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Table
from sqlmodel import Session, SQLModel, col, select

from storage import communities, references
from storage.communities import Community, Season
from storage.outbox import SENT, Outgoing
from storage.personal import FILE, POLICIES, blank_sent

OUTBOX = SQLModel.metadata.tables["outgoing"]


def kept_from(session: Session, community: Community, now: datetime, months: int) -> datetime:
    """The moment from which answers are kept if they are kept for `months`: a season still kept is kept whole."""
    zone = ZoneInfo(community.zone)
    cutoff = now.astimezone(zone).date() - relativedelta(months=months)
    starts: list[date] = list(
        session.exec(
            select(col(Season.starts)).where(
                Season.community_id == community.id, Season.starts <= cutoff, Season.ends > cutoff
            )
        )
    )
    return datetime.combine(min([cutoff, *starts]), time(0), zone)


def old(session: Session, community: Community, now: datetime, months: int) -> int:
    """How many answers keeping them for `months` would delete now."""
    return sum(
        len(references.rows(session, table, where)) for table, where in _expired(session, community, now, months)
    )


def expire(session: Session, now: datetime) -> int:
    """Delete what every community has kept long enough. Returns how many answers that were."""
    gone = 0
    session.flush()
    for community in communities.every(session):
        months = community.retention_months
        for table, where in _expired(session, community, now, months):
            gone += references.remove(session, table, where)
        before = kept_from(session, community, now, months)
        blank_sent(session, (col(Outgoing.community_id) == community.id) & (col(Outgoing.sent_at) < before))
        unsent = (col(Outgoing.state) != SENT) & (col(Outgoing.made_at) < before)
        references.remove(session, OUTBOX, unsent & (col(Outgoing.community_id) == community.id))
    blank_sent(session, col(Outgoing.message).contains(FILE, autoescape=True))  # whoever it was for has it
    session.expire_all()
    return gone


def _expired(
    session: Session, community: Community, now: datetime, months: int
) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    before = kept_from(session, community, now, months)
    for table, column in references.to_people():
        written = POLICIES[str(column)].written
        inside = references.within(table, community.id or 0)
        if written and inside is not None:
            yield table, inside & (table.c[written] < before)
