"""Collect a community's records from the database.

Only what everyone in the community may read, and for facilitators also what was written for facilitators. What someone
wrote for themselves alone is never included.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.answer_words import value_of, words_of
from bot.domain.questionnaires import defined
from bot.domain.questions import Question
from bot.features.export import meeting_records
from bot.features.export.record import ExportRecord
from storage.communities.communities import Community
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NAMED
from storage.learning.rounds import FACILITATORS, GROUP, IS_NOT_PLANNED, Response, Round
from storage.library.resources import COMMUNITY, PROGRAM, Resource
from storage.meetings.meetings import Meeting
from storage.people import people
from storage.people.people import Person


def collect(
    session: Session,
    community: Community,
    *,
    facilitator: bool,
    reads_given: Callable[[datetime], bool],
    reads: bool = True,
) -> list[ExportRecord]:
    """Return all records, ordered by kind and time. `facilitator` adds what was written for facilitators only.

    Of what members wrote for them, only what `reads_given` allows, by the time at which it was given.

    Without `reads`, nothing that members wrote: for someone who manages the whole space without being a member.
    """
    assert community.id is not None
    id = community.id
    frame = [*_members(session, id), *_meetings(session, id)]
    if not reads:
        return frame
    return [
        *frame,
        *meeting_records.entries(session, id, facilitator=facilitator, reads_given=reads_given),
        *_resources(session, id),
        *_questions(session, id, facilitator=facilitator, reads_given=reads_given),
    ]


def _members(session: Session, community: int) -> Iterator[ExportRecord]:
    for row, person in people.members(session, community):
        yield ExportRecord("member", row.joined_at, person.name, row.role_group, row.organization)


def _meetings(session: Session, community: int) -> Iterator[ExportRecord]:
    query = select(Meeting).where(Meeting.community_id == community).order_by(col(Meeting.starts_at), col(Meeting.id))
    for row in session.exec(query):
        yield ExportRecord("meeting", row.starts_at, "", row.title, f"{row.status}. {row.place}".strip(" ."), row.link)


def _resources(session: Session, community: int) -> Iterator[ExportRecord]:
    query = (
        select(Resource, Person)
        .join(Person, col(Person.id) == Resource.person_id)
        .where(Resource.community_id == community, col(Resource.audience).in_((COMMUNITY, PROGRAM)))
        .order_by(col(Resource.shared_at), col(Resource.id))
    )
    for row, person in session.exec(query):
        yield ExportRecord("resource", row.shared_at, person.name, row.title, row.note, row.link, row.audience)


def _questions(
    session: Session, community: int, *, facilitator: bool, reads_given: Callable[[datetime], bool]
) -> Iterator[ExportRecord]:
    """Yield each round with its themes, followed by its answers that this reader may read."""
    audiences = (GROUP, FACILITATORS) if facilitator else (GROUP,)
    opened = (
        select(Round)
        .where(Round.community_id == community, IS_NOT_PLANNED)
        .order_by(col(Round.opened_at), col(Round.id))
    )
    for round in session.exec(opened).all():
        yield ExportRecord("question", round.opened_at, "", round.question, round.themes)
        # Nobody reads the answers of a round before it closes.
        if round.closed_at is None:
            continue
        version = rounds.version_of(session, round)
        questions = defined(version.definition).questions if version else ()
        for asked, words in sorted(_without_names(session, questions, round)):
            yield ExportRecord("answer", round.closed_at, "", asked, words, audience=GROUP)
        answers = (
            select(Response, Person)
            .join(Person, col(Person.id) == Response.person_id)
            .where(
                Response.round_id == round.id, col(Response.audience).in_(audiences), col(Response.skipped).is_(False)
            )
            .order_by(col(Response.written_at), col(Response.id))
        )
        for answer, person in session.exec(answers):
            at = answer.written_at
            if answer.audience == GROUP or reads_given(answer.given_at):
                # Members read some check-ins without names.
                by = person.name if facilitator or round.level == NAMED else ""
                for question, words in _answers(questions, round, answer):
                    yield ExportRecord("answer", at, by, question, words, audience=answer.audience)


def _answers(questions: Sequence[Question], round: Round, response: Response) -> Iterator[tuple[str, str]]:
    """Yield each question that somebody answered, with the answer in words."""
    if response.body:
        yield round.question, response.body
    given = response.by_question
    for question in questions:
        if value := given.get(question.key):
            yield words_of(question), value_of(question, value)


def _without_names(session: Session, questions: Sequence[Question], round: Round) -> Iterator[tuple[str, str]]:
    """Yield the answers of which nobody can tell who wrote them, each with its question."""
    assert round.id is not None
    given = anonymous_answers.of_round(session, round.id)
    for question in questions:
        for value in given.get(question.key, ()):
            yield words_of(question), value_of(question, value)
