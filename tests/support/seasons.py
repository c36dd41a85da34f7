"""A community with two seasons behind it, whose figures are worked by hand in the tests of its report."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlmodel import Session

from bot.domain.questions import Question, Questionnaire, QuestionType, to_json
from storage.communities import communities
from storage.learning import checkins, rounds
from storage.learning.rounds import GROUP, ME
from storage.people import people
from tests.support.chat import START, Chat
from tests.support.community import create_community

# Twelve members and Ben, who facilitates: people 1 to 13.
MEMBERS = [f"M{n}" for n in range(1, 13)]
FALL = START + timedelta(days=100)
ROLES = {"site staff": range(1, 7), "lead": range(7, 12), "director": (12, 13)}


def ask(
    session: Session,
    day: int,
    answered: Collection[int] = (),
    *,
    question: str = "How is it going?",
    late: Collection[int] = (),
    skipped: Collection[int] = (),
    version: int | None = None,
    level: str = checkins.NAMED,
) -> int:
    """Open a round on this day after START, and close it a week later. Returns its id."""
    opened, closed = START + timedelta(days=day), START + timedelta(days=day + 7)
    row = rounds.open_round(
        session, 1, rounds.CHECKIN, question, now=opened, closes_at=closed, version=version, level=level
    )
    row.closed_at = closed
    assert row.id
    for person in answered:
        is_late = person in late
        rounds.save_answer(session, row.id, person, None, body="words", audience=ME, now=opened, is_late=is_late)
    for person in skipped:
        rounds.save_answer(session, row.id, person, None, audience=ME, now=opened, skipped=True)
    session.flush()
    return row.id


def create_seasons(chat: Chat) -> None:
    """A spring with one question, and a fall with three: 6 of 12, then 8 of 12, 11 of 13, and 2 of 13."""
    create_community(chat, MEMBERS)
    with Session(chat.engine) as session, session.begin():
        communities.add_season(session, 1, "Spring", START.date(), (START + timedelta(days=90)).date())
        communities.add_season(session, 1, "Fall", FALL.date(), (START + timedelta(days=300)).date())
        for role, those in ROLES.items():
            for person in those:
                row = people.membership(session, 1, person)
                assert row
                row.role_group = role
        newest = people.membership(session, 1, 12)
        assert newest
        newest.joined_at = START + timedelta(days=120)
        ask(session, 10, range(1, 7))
        ask(session, 105, range(1, 9), late=[8], question="=HYPERLINK(1)")
        ask(session, 125, range(1, 12), skipped=[13])
        ask(session, 140, [1, 12])
    chat.clock.move(START + timedelta(days=160))


PLATE = Question("plate", "How full is your plate?", QuestionType.SCALE, low_end="light", high_end="too full")


def checkin(session: Session, question: Question, id: int | None = None) -> int:
    """Save a check-in, or the next version of one. Returns the version's id."""
    definition = to_json(Questionnaire("Energy", (question, Question("why", "Why?", QuestionType.LONG))))
    if id is None:
        id = checkins.create(session, 1, "Energy", definition, by=None, now=START).id
    else:
        row = checkins.get(session, 1, id)
        assert row
        checkins.add_version(session, row, definition, by=None, now=START)
    newest = checkins.newest_version(session, id or 0)
    assert newest
    assert newest.id
    return newest.id


def answer(session: Session, round: int, points: Mapping[int, int], audience: str = GROUP) -> None:
    for person, point in points.items():
        values = {"plate": str(point), "why": "words"}
        rounds.save_answer(session, round, person, None, answers=values, audience=audience, now=START)
