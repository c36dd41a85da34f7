"""Collect the records of meetings: preparations, tasks, topics, notes, attendance, follow-ups."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from bot.features.export.record import ExportRecord
from storage.agenda import topics
from storage.agenda.topics import Topic
from storage.learning.rounds import FACILITATORS, GROUP
from storage.meetings import meetings
from storage.meetings.attendance import CAME, MADE_UP, Attendance
from storage.meetings.feedback import FollowUp
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.notes import MeetingNotes
from storage.meetings.preparations import MeetingTask, Preparation
from storage.people.people import Person

WRITTEN = ("decisions", "resources", "commitments", "said")  # columns of MeetingNotes


def entries(
    session: Session, community: int, *, facilitator: bool, reads_given: Callable[[datetime], bool]
) -> Iterator[ExportRecord]:
    """Yield records by kind, then by meeting.

    Topics carry no name, as on the agenda. Only facilitators get who was there, what absent members wrote, notes that
    were not shared, and notes about topics. Others get how many were there.
    """
    yield from _preparations(session, community)
    yield from _topics(session, community, facilitator=facilitator)
    yield from _notes(session, community, facilitator=facilitator)
    yield from _attendance(session, community, facilitator=facilitator, reads_given=reads_given)
    replies = select(FollowUp).where(FollowUp.community_id == community).order_by(col(FollowUp.at), col(FollowUp.id))
    for reply in session.exec(replies):
        yield ExportRecord("reply", reply.at, "", reply.said, reply.did, audience=GROUP)


def _preparations(session: Session, community: int) -> Iterator[ExportRecord]:
    written = (
        select(Preparation, Meeting)
        .join(Meeting, col(Meeting.id) == Preparation.meeting_id)
        .where(Preparation.community_id == community)
        .order_by(col(Meeting.starts_at), col(Preparation.id))
    )
    for row, meeting in session.exec(written):
        title = f"{meeting.title}: {row.name.replace('_', ' ')}"
        yield ExportRecord("preparation", meeting.starts_at, "", title, row.words, audience=GROUP)
    taken = (
        select(MeetingTask, Meeting, Person)
        .join(Meeting, col(Meeting.id) == MeetingTask.meeting_id)
        .join(Person, col(Person.id) == MeetingTask.person_id, isouter=True)
        .where(MeetingTask.community_id == community)
        .order_by(col(Meeting.starts_at), col(MeetingTask.id))
    )
    for task, meeting, person in session.exec(taken):
        text = f"{task.words} ({'done' if task.done else 'not done yet'})"
        yield ExportRecord(
            "task", meeting.starts_at, person.name if person else "", meeting.title, text, audience=GROUP
        )


def _topics(session: Session, community: int, *, facilitator: bool) -> Iterator[ExportRecord]:
    notes = topics.notes(session, community) if facilitator else {}
    rows = (
        select(Topic, Meeting)
        .join(Meeting, col(Meeting.id) == Topic.meeting_id, isouter=True)
        .where(Topic.community_id == community, col(Topic.merged_into).is_(None))
        .order_by(col(Meeting.starts_at), col(Topic.place), col(Topic.id))
    )
    for topic, meeting in session.exec(rows):
        taken_up = meeting if meeting and meeting.status == PLANNED else None
        where = f"On the agenda of {taken_up.title}, {taken_up.starts_at:%Y-%m-%d}." if taken_up else "Waits."
        text = "\n".join(filter(None, [where, topic.reason]))
        yield ExportRecord("topic", topic.added_at, "", f"{topic.kind}: {topic.title}", text, audience=GROUP)
        if note := notes.get(topics.key(topic)):
            yield ExportRecord("topic", topic.added_at, "", f"note about: {topic.title}", note, audience=FACILITATORS)


def _notes(session: Session, community: int, *, facilitator: bool) -> Iterator[ExportRecord]:
    rows = (
        select(MeetingNotes, Meeting)
        .join(Meeting, col(Meeting.id) == MeetingNotes.meeting_id)
        .where(MeetingNotes.community_id == community)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    for row, meeting in session.exec(rows):
        if row.shared_at or facilitator:
            lines = [f"{name}: {words}" for name in WRITTEN if (words := getattr(row, name))]
            audience = GROUP if row.shared_at else FACILITATORS
            yield ExportRecord("notes", meeting.starts_at, "", meeting.title, "\n".join(lines), audience=audience)


def _attendance(
    session: Session, community: int, *, facilitator: bool, reads_given: Callable[[datetime], bool]
) -> Iterator[ExportRecord]:
    """Yield how many were at each meeting, and for facilitators also who, and what those who made up for it wrote."""
    rows = session.exec(
        select(Attendance, Meeting, Person)
        .join(Meeting, col(Meeting.id) == Attendance.meeting_id)
        .join(Person, col(Person.id) == Attendance.person_id)
        .where(Meeting.community_id == community)
        .order_by(col(Meeting.starts_at), col(Attendance.id))
    ).all()
    there = {meetings.key(meeting): (meeting, 0) for _row, meeting, _person in rows}
    for row, meeting, _person in rows:
        if row.how in CAME:
            there[meetings.key(meeting)] = (meeting, there[meetings.key(meeting)][1] + 1)
    for meeting, came in there.values():
        yield ExportRecord("attendance", meeting.starts_at, "", meeting.title, f"{came} there", audience=GROUP)
    for row, meeting, person in rows if facilitator else ():
        how = "made up for it" if row.how == MADE_UP else "there"
        text = "\n".join(filter(None, [how, row.answer if reads_given(row.at) else ""]))
        yield ExportRecord("attendance", meeting.starts_at, person.name, meeting.title, text, audience=FACILITATORS)
