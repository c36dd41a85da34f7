"""Communities in which questions are open."""

from datetime import timedelta

from sqlmodel import Session

from storage.learning import rounds
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

SAID = "I greeted every family by name"


def asked(chat: Chat, *questions: str) -> tuple[Actor, Actor]:
    """Return Ben, who has asked these questions, and Mei."""
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    for question in questions:
        ben.types(f"checkin open {question}")
    return ben, mei


def asked_two(chat: Chat) -> tuple[Actor, Actor]:
    """A check-in and a reflection prompt are open."""
    ben, mei = asked(chat, "What did you try?")
    now = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        ends = now + timedelta(days=3)
        rounds.open_round(session, 1, rounds.REFLECTION, "How full is your plate?", now=now, closes_at=ends)
    return ben, mei
