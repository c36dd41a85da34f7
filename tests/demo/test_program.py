"""The demo's program runs by itself, and leaves room for whoever watches it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.demo import program, seed
from bot.demo.simulated_members import ACTS, Residents
from bot.ui import Button
from tests.support.chat import Actor, Chat


@pytest.fixture
def town(engine: Engine, tmp_path: Path) -> tuple[Chat, Residents]:
    chat = Chat(engine, now=program.OPENS)
    with Session(engine) as session, session.begin():
        seed.seed(session, program.OPENS, "cop", chat.name, chat.space)
    return chat, residents(chat, tmp_path)


def residents(chat: Chat, folder: Path) -> Residents:
    def find_button(channel: str, action: str) -> Button | None:
        drawn = [a for p in reversed(chat.in_channel(channel)) for a in p.message.actions if isinstance(a, Button)]
        return next((a for a in drawn if a.action == action), None)

    return Residents(chat.app, folder / "residents.json", chat.name, chat.space, find_button)


def live(chat: Chat, people: Residents, acts: int) -> None:
    for _act in range(acts):
        assert people.next_at
        chat.until(people.next_at)
        people.perform_next()
        chat.deliver_all()


def person(chat: Chat, id: str) -> Actor:
    resident = next(r for r in program.RESIDENTS if r.id == id)
    actor = chat.person(resident.name)
    return Actor(chat, type(actor.who)(id, resident.name, zone=program.ZONE), "youth-workers")


def channel_words(chat: Chat) -> str:
    return "\n".join(p.words for p in chat.in_channel("youth-workers"))


@pytest.mark.anywhere
def test_spectator_reads_summaries_agenda_and_feedback(town: tuple[Chat, Residents]) -> None:
    """A person who only watches finds summaries, an agenda, and feedback on the meeting."""
    chat, people = town
    live(chat, people, len(ACTS))
    assert "Start on time" in person(chat, "ben").types("feedback show", "facilitator")
    chat.wait(days=7)

    assert people.next_at is None
    channel = channel_words(chat)
    for words in (
        "4 people shared this with everyone",
        "More than one of you brought up: door, late bus.",
        "More than one of you brought up: box for the late bus.",
        "4 people had said yes",
        "The late bus: who stays",
        "Late bus box",
        "I stood by the wall",
        "families ask about it",
    ):
        assert words in channel
    # That was for the facilitators.
    assert "short of one person" not in channel


def test_words_of_a_resident_stay(town: tuple[Chat, Residents]) -> None:
    chat, people = town
    assert people.next_at
    chat.until(people.next_at)
    olu = person(chat, "olu")
    olu.types("answer")
    olu.fills(body="I would rather tell you in person")

    people.perform_next()

    olu.types("answer")
    assert "in person" in olu.fills()


def test_simulated_members_answer_only_their_own_questions(town: tuple[Chat, Residents]) -> None:
    chat, people = town
    ben = person(chat, "ben")
    ben.types("checkin open What is the capital of your heart?", "facilitator")
    ben.chat.deliver_all()

    live(chat, people, 1)

    assert "0 heard from" in ben.types("checkin summary", "facilitator")


def test_program_goes_on_after_a_restart(town: tuple[Chat, Residents], tmp_path: Path) -> None:
    chat, people = town
    live(chat, people, 3)

    again = residents(chat, tmp_path)

    assert again.next_at == ACTS[3].moment


def test_simulated_members_act_in_order() -> None:
    moments = [act.moment for act in ACTS]
    assert moments == sorted(moments)
    assert {act.who for act in ACTS} <= {r.id for r in program.RESIDENTS}
