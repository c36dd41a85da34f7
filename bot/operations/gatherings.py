"""Meetings as measures see them: who was expected, and who of them was there. Catching up isn't being there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.domain.measures import Gathering
from storage.learning.participation import Member
from storage.meetings import attendance
from storage.meetings.meetings import Meeting, key
from storage.people import absences
from storage.people.absences import Absence

Absences = Sequence[tuple[Absence, str]]


def held(
    session: Session,
    community: int,
    since: datetime,
    until: datetime,
    members: Sequence[Member],
    absent: Absences,
) -> Sequence[Gathering]:
    """Return the meetings of which it is known who came. Who has left is not counted: their attendance went along."""
    met = attendance.held(session, community, since, until)
    there = attendance.present(session, [key(meeting) for meeting in met])
    return [_gathering(meeting, there.get(key(meeting), frozenset()), members, absent) for meeting in met]


def _gathering(meeting: Meeting, there: frozenset[int], members: Sequence[Member], absent: Absences) -> Gathering:
    """Return who was expected: members by then who weren't away, and members who came all the same."""
    ends = meeting.starts_at + timedelta(minutes=meeting.minutes)
    away = absences.away_during(absent, meeting.starts_at, ends)
    current = {m.person for m in members if m.left_at is None}
    due = {m.person for m in members if m.was_asked(meeting.starts_at)} & current - away
    return Gathering(frozenset(due | there & current), there & current)
