"""The brake on what one person sends to others: its bounds, what counts, and what people are told."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.core import brake
from bot.core.brake import LEADER, MEMBER, Bound
from storage.people import people, sending_rates
from storage.people.sending_rates import SendingRate
from storage.privacy import personal_data
from tests.support.chat import START, Actor, Chat
from tests.support.community import actors, create_community, person_key
from tests.support.meetings import create_meeting_community

BRAKED = "I’ve passed on a lot from you in a short time"


def reflect(who: Actor, number: int, audience: str) -> str:
    who.types("reflect")
    return who.fills(body=f"Thought number {number}", audience=audience)


def tries(who: Actor, times: int, how: str) -> list[str]:
    """Reach others in one way, again and again. Returns the answers."""
    match how:
        case "channel":
            return [reflect(who, n, "group") for n in range(times)]
        case "facilitators":
            return [reflect(who, n, "facilitators") for n in range(times)]
        case "topics":
            return [who.types(f"topic Subject number {n} of many") for n in range(times)]
    raise AssertionError(how)


@pytest.mark.parametrize("how", ["channel", "facilitators", "topics"])
def test_member_is_slowed_down_and_told_when_it_goes_on(chat: Chat, how: str) -> None:
    create_meeting_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    said = tries(mei, MEMBER.at_once + 3, how)
    assert [BRAKED in each for each in said] == [False] * MEMBER.at_once + [True] * 3
    assert "You can go on 2025-09-22 13:03 UTC" in said[-1]
    # Nobody else is slowed down.
    assert BRAKED not in tries(olu, 1, how)[0]
    chat.wait(minutes=3)
    assert [BRAKED in each for each in tries(mei, 2, how if how != "topics" else "channel")] == [False, True]


def test_all_ways_to_reach_others_count_together(chat: Chat) -> None:
    create_community(chat)
    _ben, mei = actors(chat, "Ben", "Mei")
    said = [*tries(mei, 12, "channel"), *tries(mei, 12, "facilitators")]
    assert sum(BRAKED in each for each in said) == 24 - MEMBER.at_once


def test_nothing_of_what_was_refused_is_sent_or_saved(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    said = tries(mei, MEMBER.at_once + 5, "facilitators")
    # The words are given back, to copy.
    assert "Thought number 24" in said[-1]
    assert len(ben.direct()) == MEMBER.at_once
    assert "Thought number 24" not in mei.types("data show")


def test_what_reaches_nobody_else_is_free(chat: Chat) -> None:
    """So are RSVPs and answers: they only rewrite a card."""
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    tries(mei, MEMBER.at_once, "channel")
    assert BRAKED in reflect(mei, 99, "group")
    assert BRAKED not in reflect(mei, 99, "me")
    for answer in ("yes", "no", "maybe"):
        assert BRAKED not in mei.types(f"rsvp {answer}")
    mei.types("answer")
    assert BRAKED not in mei.fills(body="Well")
    assert BRAKED not in mei.types("data download")


def test_facilitators_work_has_a_much_higher_bound(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    for day in range(MEMBER.at_once * 2):
        assert BRAKED not in ben.types(f"meeting move {14 + day % 2} Oct 4pm")
    assert LEADER.at_once >= 10 * MEMBER.at_once


def test_message_to_many_facilitators_counts_once(chat: Chat) -> None:
    id = create_community(chat)
    with Session(chat.engine) as session, session.begin():
        for name in ("Cam", "Dee", "Eli"):
            row = people.enrol(session, id, person_key(session, chat, name, chat.clock.now()))
            row.joined_at, row.role = chat.clock.now(), 2
    [mei] = actors(chat, "Mei")
    assert not any(BRAKED in each for each in tries(mei, MEMBER.at_once, "facilitators"))


def test_bucket_survives_the_process_and_the_clock(session: Session) -> None:
    person = people.Person(name="Mei")
    session.add(person)
    session.flush()
    bound, id = Bound(at_once=3, per_hour=60), people.key(person)

    def use(minutes: float) -> float | None:
        """Return after how many minutes it would go on, None if at once."""
        now = START + timedelta(minutes=minutes)
        until = sending_rates.use(session, id, now, at_once=bound.at_once, per_hour=bound.per_hour)
        return (until - START) / timedelta(minutes=1) if until else None

    assert [use(0) for _n in range(4)] == [None, None, None, 1]
    assert [use(0.5), use(1), use(1)] == [1, None, 2]
    # After a rest there is no more at once than ever.
    assert [use(100) for _n in range(4)] == [None, None, None, 101]
    # A clock that was set back shuts nobody out.
    assert use(50) is None
    assert len(session.exec(select(SendingRate)).all()) == 1


def test_rate_is_deleted_with_the_person(session: Session) -> None:
    person = people.Person(name="Mei")
    session.add(person)
    session.flush()
    brake.check(session, people.key(person), START, leads=False)
    personal_data.forget(session, people.key(person), "Someone")
    assert session.exec(select(SendingRate)).all() == []
