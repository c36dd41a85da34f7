"""Check-ins of several questions, opened in the community of `create_community`."""

from datetime import timedelta

from sqlmodel import Session

from bot.core import signals
from bot.domain.questions import Questionnaire, to_json
from storage.learning import checkins, rounds
from storage.learning.checkins import NAMED, CheckIn
from storage.learning.rounds import CHECKIN
from storage.messaging import timers
from tests.support.chat import Chat, Post


def open_check_in(
    chat: Chat, asked: Questionnaire, *, again: int = 0, is_reviewed: bool = False, level: str = NAMED
) -> tuple[Post, int]:
    """Open a check-in for four days, and return its card and its id. `again` is the id of one that is there."""
    now = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        row = session.get(CheckIn, again) if again else None
        row = row or checkins.create(session, 1, asked.name, to_json(asked), by=None, now=now)
        row.is_reviewed, row.level = is_reviewed, level
        version = checkins.newest_version(session, row.id or 0)
        assert version
        closes = now + timedelta(days=4)
        round = rounds.open_round(session, 1, CHECKIN, asked.name, now=now, closes_at=closes, version=version.id)
        timers.put(session, 1, signals.ROUND_OPENED, str(round.id), now)
        id = row.id or 0
    chat.deliver_all()
    return chat.last, id
