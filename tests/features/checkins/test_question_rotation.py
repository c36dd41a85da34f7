"""Communities of one program, started on the same day, go through the questions in different orders."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import Session, col, select

from bot.features.checkins.rules import in_turn
from storage.learning.rounds import CHECKIN, REFLECTION, Round
from storage.messaging import timers
from tests.support.chat import Chat
from tests.support.community import create_community

QUESTIONS = ("q0", "q1", "q2", "q3", "q4")


def asked(chat: Chat, community: int, kind: str) -> list[str]:
    with Session(chat.engine) as session:
        these = select(Round).where(Round.community_id == community, Round.kind == kind)
        return [round.question for round in session.exec(these.order_by(col(Round.id)))]


@pytest.mark.anywhere
@pytest.mark.parametrize(("due", "kind"), [("prompts.due", REFLECTION), ("checkins.due", CHECKIN)])
def test_communities_are_asked_different_questions_in_the_same_week(chat: Chat, due: str, kind: str) -> None:
    siblings = [create_community(chat, [name], name=name, channel=name.lower()) for name in ("North", "South", "West")]
    for week in range(0, 20, 2):
        with Session(chat.engine) as session, session.begin():
            for id in siblings:
                timers.put(session, id, due, str(week), chat.clock.now() + timedelta(days=1))
        chat.wait(weeks=2)
    heard = [asked(chat, id, kind) for id in siblings]
    assert [len(each) for each in heard] == [10, 10, 10]
    assert all(len({*together}) == 3 for together in zip(*heard, strict=True))
    assert all(one != other for each in heard for one, other in pairwise(each))


@pytest.mark.parametrize(
    ("before", "start", "comes"),
    [
        ([], 0, "q0"),
        ([], 3, "q3"),
        ([], 8, "q3"),
        (["q3"], 3, "q4"),
        (["q4", "q3"], 3, "q0"),
        (["q2", "q1", "q0", "q4", "q3"], 3, "q3"),  # all were asked: starts again
        (["q1", "q0"], 1, "q2"),  # begun before there was a start: the last one isn't asked again
        (["q0", "our own", "q2", "q1", "q3"], 0, "q4"),
        (["q0", "q4", "our own", "q2", "q1", "q3"], 0, "q3"),  # a facilitator asked some: the one asked longest ago
        (["our own", "our own", "our own"], 2, "q2"),
    ],
)
def test_standing_question_asked_longest_ago_comes_next(before: list[str], start: int, comes: str) -> None:
    assert in_turn(QUESTIONS, before, start) == comes
