"""Which questions are open for somebody, and whether a message of the bot is one.

Only of the threads of those is anything looked at.
"""

from collections.abc import Sequence

from sqlmodel import Session

from bot.core import signals
from bot.core.app import App
from bot.core.context import Context
from storage.communities import communities
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import PRIVATE_CHECKIN, Round
from storage.messaging import outbox


def is_one(app: App, platform: str, space: str, channel: str, receipt: str) -> bool:
    """Return whether the message that the platform calls `receipt`, in a channel, is an open question.

    Blocks on the database.
    """
    with Session(app.read_engine) as session:
        community = communities.in_channel(session, platform, space, channel)
        open_now = rounds.open_in(session, communities.key(community)) if community else ()
        return any(
            copy.receipt == receipt
            for round in open_now
            for copy in outbox.copies(session, f"{signals.ROUND_CARD}.{round.id}")
        )


def waiting_for(ctx: Context, person: int, among: Sequence[int]) -> list[Round]:
    """Return the open questions of some communities that are for a person who hasn't answered, as far as is known."""
    return [
        row
        for row in rounds.unanswered(ctx.session, person, among)
        if _is_for(ctx, row, person) and not _answered_anonymously(ctx, row, person)
    ]


def _is_for(ctx: Context, round: Round, person: int) -> bool:
    """Return whether somebody is asked: everyone is, or in private those whom the bot wrote to or who began early."""
    if round.kind != PRIVATE_CHECKIN:
        return True
    # Also a question that could not be sent: it waits where its person looks next.
    asked = {row.person_id for row in outbox.copies(ctx.session, f"{signals.ROUND_QUESTION}.{round.id}")}
    return person in asked or any(draft.person_id == person for draft in rounds.drafts(ctx.session, round.id or 0))


def _answered_anonymously(ctx: Context, round: Round, person: int) -> bool:
    """Return whether somebody is known to have answered what nobody can attribute, or wasn't asked."""
    if round.level != NOBODY_CAN_TELL:
        return False
    marked = anonymous_answers.asked(ctx.session, round.id or 0)
    return marked.get(person, True) or ctx.unmarked.has(anonymous_answers.subject(round), person)
