"""From the outbox to people: at the right time, in order, and never lost."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.core.context import Context
from bot.ui import Message, Text, ToCommunity, ToFacilitators, ToPerson, ToThread
from storage.communities import communities
from storage.messaging import outbox
from storage.people import people
from tests.support.chat import Chat
from tests.support.community import actors, create_community
from tests.support.deliveries import person_id, post, row

# Monday 9 pm in New York.
NINE_AT_NIGHT = datetime(2025, 10, 7, 1, 0, tzinfo=UTC)
EIGHT_NEXT_MORNING = datetime(2025, 10, 7, 12, 0, tzinfo=UTC)


def test_posting_a_key_again_rewrites_the_message(chat: Chat) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "First")
    chat.deliver_all()
    post(chat, ToCommunity(), "x.card", "Second")
    chat.deliver_all()
    [only] = chat.in_channel()
    assert (only.words.strip(), only.edits) == ("Second", 1)
    post(chat, ToCommunity(), "x.card", "Second")
    chat.deliver_all()
    # Nothing changed, so nothing is sent.
    assert only.edits == 1


def test_thread_follows_its_card_in_every_channel(chat: Chat) -> None:
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        communities.bind(session, 1, chat.name, chat.space, "second")
    post(chat, ToCommunity(), "x.card", "Card")
    post(chat, ToThread("x.card"), "x.more", "More")
    chat.deliver_all()
    for channel in ("general", "second"):
        cards, threads = chat.in_channel(channel)
        assert threads.under == cards.id


def test_direct_message_waits_for_the_morning_unless_urgent(chat: Chat) -> None:
    """Nobody is written to at night, unless they are waiting for it."""
    create_community(chat)
    [mei] = actors(chat, "Mei")
    chat.until(NINE_AT_NIGHT)
    id = person_id(chat, "Mei")
    post(chat, ToPerson(id), "x.later", "In the morning")
    post(chat, ToPerson(id, ignores_quiet_hours=True), "x.now", "At once")
    chat.deliver_all()
    assert [p.words.strip() for p in mei.direct()] == ["At once"]
    chat.until(EIGHT_NEXT_MORNING - timedelta(minutes=1))
    assert len(mei.direct()) == 1
    chat.until(EIGHT_NEXT_MORNING)
    assert [p.words.strip() for p in mei.direct()] == ["At once", "In the morning"]


def test_person_is_asked_at_most_twice_a_week(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    id = person_id(chat, "Mei")
    for n in range(4):
        post(chat, ToPerson(id, is_request=True), f"x.ask{n}", f"Request {n}")
    chat.deliver_all()
    assert len(mei.direct()) == 2
    assert row(chat, "x.ask3").problem == "asked enough this week"
    chat.wait(days=7)
    post(chat, ToPerson(id, is_request=True), "x.ask9", "Next week")
    chat.deliver_all()
    assert mei.direct()[-1].words.strip() == "Next week"


def test_snooze_holds_back_requests_only(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    id = person_id(chat, "Mei")
    with Session(chat.engine) as session, session.begin():
        session.get_one(people.Person, id).snoozed_until = chat.clock.now() + timedelta(days=7)
    post(chat, ToPerson(id, is_request=True), "x.ask", "A request")
    post(chat, ToPerson(id), "x.news", "Your export is ready")
    chat.deliver_all()
    assert [p.words.strip() for p in mei.direct()] == ["Your export is ready"]


def test_person_who_left_gets_no_message(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    id = person_id(chat, "Mei")
    with Session(chat.engine) as session, session.begin():
        membership = people.membership(session, 1, id)
        assert membership
        membership.left_at = chat.clock.now()
    post(chat, ToPerson(id), "x.news", "News")
    chat.deliver_all()
    assert mei.direct() == []


def test_unreachable_channel_does_not_hold_up_others(chat: Chat) -> None:
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        communities.bind(session, 1, chat.name, chat.space, "gone")
    chat.unreachable["gone"] = "channel gone"
    post(chat, ToCommunity(), "x.card", "Hello")
    chat.deliver_all()
    assert [p.channel for p in chat.posts if p.channel] == ["general"]
    with Session(chat.engine) as session:
        [dead] = outbox.stuck(session, 1)
    assert dead.problem == "channel gone"


def test_each_facilitator_gets_a_copy(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    post(chat, ToFacilitators(), "x.note", "For you")
    chat.deliver_all()
    assert [p.words.strip() for p in ben.direct()] == ["For you"]
    assert len(chat.posts) == 1


@pytest.mark.parametrize("kills", [1, 3])
def test_interrupted_message_is_resumed(chat: Chat, kills: int) -> None:
    from bot.delivery import attempts, recovery

    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    refs = []
    for _kill in range(kills):
        with Session(chat.engine) as session, session.begin():
            ready = attempts.begin_attempt(session, row(chat, "x.card").id or 0, chat.clock.now())
            assert ready
            refs.append(ready.delivery.idempotency_key)
        with Session(chat.engine) as session, session.begin():
            assert recovery.recover_interrupted(session, lambda _platform, _space: True) == 1
    chat.deliver_all()
    assert [p.words.strip() for p in chat.posts] == ["Hello"]
    # The platform can tell that it is the same message.
    assert len(set(refs)) == 1


def test_change_during_sending_is_sent_next(chat: Chat) -> None:
    from bot.delivery import attempts

    create_community(chat)
    post(chat, ToCommunity(), "x.card", "First")
    with Session(chat.engine) as session, session.begin():
        ready = attempts.begin_attempt(session, row(chat, "x.card").id or 0, chat.clock.now())
        assert ready
    post(chat, ToCommunity(), "x.card", "Second")
    with Session(chat.engine) as session, session.begin():
        attempts.mark_delivered(session, ready, "m1", chat.clock.now())
    after = row(chat, "x.card")
    assert (after.state, after.receipt) == (outbox.WAITING, "m1")


def test_message_is_resolved_for_each_place(chat: Chat) -> None:
    """A mention becomes the account that a person has there, or their name."""
    create_community(chat)
    id = person_id(chat, "Mei")

    def greeting() -> Message:
        return Message((Text(f"[Mei](person:{id}) and [Zed](person:999), see [`share`](command:member)"),))

    with Session(chat.engine) as session, session.begin():
        ctx = Context(session, chat.clock.now(), "cop", community_or_none=communities.get(session, 1))
        ctx.post(ToCommunity(), "x.card", greeting)
    chat.deliver_all()
    text = chat.last.message.parts[0]
    assert isinstance(text, Text)
    assert text.body == "[Mei](account:mei) and [Zed](person:999), see `/cop share`"
