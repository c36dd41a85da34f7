"""Whether a message of the bot is a question that is open: the only ones of whose thread anything is looked at."""

from sqlmodel import Session

from bot.core import signals
from bot.core.app import App
from storage.communities import communities
from storage.learning import rounds
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
