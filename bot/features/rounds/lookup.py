"""Finding the round that an event names, and what it asks."""

from sqlmodel import Session

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.domain.between_meetings import CHECKIN as CHECKIN_DUE
from bot.domain.between_meetings import REFLECTION_PROMPT
from bot.domain.questionnaires import defined, one_question
from bot.domain.questions import LONGEST_ANSWER, Questionnaire
from bot.domain.touchpoints import OWN
from bot.features.rounds import views
from storage.learning import rounds
from storage.learning.rounds import ONLY, REFLECTION, Round

MOST = LONGEST_ANSWER  # characters of an answer


def find(ctx: Context, id: str, *, may_be_planned: bool = False) -> Round:
    """Return the round that an event names, or refuse. One that was begun before it opens only where that's allowed."""
    row = rounds.get(ctx.session, ctx.community_id, parse_id(id))
    if row is None or (row.is_planned and not may_be_planned):
        raise Refusal(views.not_found())
    return row


def asked(session: Session, round: Round) -> Questionnaire:
    """Return what the round asks: the questions of its version or, without one, its own."""
    if version := rounds.version_of(session, round):
        return defined(version.definition)
    return one_question(ONLY, round.question, round.starter, round.minutes)


def key(round: Round) -> int:
    assert round.id is not None
    return round.id


def touchpoint_of(ctx: Context, round: Round) -> str:
    """Return what the round is called in the community's schedule."""
    version = rounds.version_of(ctx.session, round)
    if version:
        return f"{OWN}{version.checkin_id}"
    return REFLECTION_PROMPT if round.kind == REFLECTION else CHECKIN_DUE
