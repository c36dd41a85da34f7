"""Deleting a check-in that nobody has answered, with everything that hangs on it."""

from collections.abc import Sequence

from sqlmodel import Session, col, delete, func, select, update

from storage.communities.schedules import ScheduledTouchpoint, TouchpointGuest, TouchpointMute
from storage.learning.anonymous_answers import AskedAnonymously
from storage.learning.checkins import CheckIn, CheckInVersion
from storage.learning.rounds import Response, Round
from storage.messaging.answer_messages import AnswerMessage


def is_answered(session: Session, checkin: int) -> bool:
    """Return whether anybody has answered it, early and unsent answers included. A skip isn't an answer."""
    ids = _rounds(session, checkin)
    written = select(func.count()).select_from(Response)
    written = written.where(col(Response.round_id).in_(ids), col(Response.skipped).is_(False))
    anonymous = select(func.count()).select_from(Round).where(col(Round.id).in_(ids), Round.anonymous_count > 0)
    return session.exec(written).one() + session.exec(anonymous).one() > 0


def _rounds(session: Session, checkin: int) -> Sequence[int]:
    versions = select(CheckInVersion.id).where(CheckInVersion.checkin_id == checkin)
    return [id for id in session.exec(select(Round.id).where(col(Round.version_id).in_(versions))) if id]


def delete_checkin(session: Session, row: CheckIn, touchpoint: str) -> Sequence[tuple[int, str]]:
    """Delete a check-in, its rounds, and its line `touchpoint` of the schedule. It must not be answered or open.

    Returns the ids and kinds of its rounds, so that the caller can say where they were posted that they are gone.
    """
    ids = _rounds(session, row.id or 0)
    gone = [(id, kind) for id, kind in session.exec(select(Round.id, Round.kind).where(col(Round.id).in_(ids))) if id]
    of_community = ScheduledTouchpoint.community_id == row.community_id
    lines = session.exec(select(ScheduledTouchpoint.id).where(of_community, ScheduledTouchpoint.what == touchpoint))
    line_ids = [id for id in lines if id]
    session.exec(delete(TouchpointGuest).where(col(TouchpointGuest.touchpoint_id).in_(line_ids)))
    session.exec(
        delete(TouchpointMute).where(
            col(TouchpointMute.community_id) == row.community_id, col(TouchpointMute.what) == touchpoint
        )
    )
    session.exec(delete(ScheduledTouchpoint).where(col(ScheduledTouchpoint.id).in_(line_ids)))
    session.exec(update(AnswerMessage).where(col(AnswerMessage.round_id).in_(ids)).values(round_id=None))
    for table in (Response, AskedAnonymously):
        session.exec(delete(table).where(col(table.round_id).in_(ids)))
    session.exec(delete(Round).where(col(Round.id).in_(ids)))
    session.exec(delete(CheckInVersion).where(col(CheckInVersion.checkin_id) == row.id))
    session.delete(row)
    session.flush()
    session.expire_all()
    return gone
