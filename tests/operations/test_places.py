"""Places that can't be reached: what is posted there and what is timed rests until they can, and facilitators know."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from bot.operations.places import ChannelState, Places
from bot.ui import ToCommunity
from storage.communities import communities
from storage.messaging import outbox, timers
from storage.messaging.outbox import Outgoing
from storage.people import people
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community
from tests.support.deliveries import person_id, post

GONE = ChannelState("general", "channel gone", "deleted")
HERE = ChannelState("general")


@pytest.fixture
def places(chat: Chat) -> Places:
    create_community(chat)
    return Places(chat.app, chat.name)


@pytest.fixture
def ben(chat: Chat, places: Places) -> Actor:
    [ben] = actors(chat, "Ben")
    return ben


def elsewhere(chat: Chat, name: str) -> None:
    """Give someone an account on another platform, where they were seen last."""
    id, now = person_id(chat, name), chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        session.add(people.Account(person_id=id, platform="slack", space="T1", external=f"T1-{name}", seen_at=now))


def told(chat: Chat, platform: str = "slack") -> list[str]:
    with Session(chat.engine) as session:
        return list(session.exec(select(Outgoing.message).where(Outgoing.platform == platform)))


def due(chat: Chat) -> list[str]:
    with Session(chat.engine) as session:
        return [kind for _id, kind, *_rest in timers.due(session, chat.clock.now(), 99)]


def test_nothing_happens_in_a_space_that_removed_the_bot_until_it_is_back(
    chat: Chat, places: Places, ben: Actor
) -> None:
    elsewhere(chat, "Ben")
    ben.types("checkin open What did you notice?", root="facilitator")
    chat.deliver_all()
    before = len(chat.in_channel())
    assert places.space_lost("S1", "Second Street")
    chat.wait(days=2)
    post(chat, ToCommunity(), "x.one", "Hello")
    chat.wait(days=28)
    assert len(chat.in_channel()) == before
    assert due(chat) == []
    with Session(chat.engine) as session:
        assert timers.next_at(session, chat.clock.now()) is None
    [notice] = told(chat)
    assert "I was taken out of Second Street" in notice
    assert not places.space_lost("S1", "Second Street"), "known already"
    assert len(told(chat)) == 1

    assert places.space_found("S1")
    assert not places.space_found("S1")
    chat.deliver_all()
    # The question was to close meanwhile. What was to be posted long ago is left out.
    assert "Answer late" in [a.label for a in chat.in_channel()[0].message.actions]
    assert "Hello" not in "\n".join(p.words for p in chat.in_channel())


def test_what_was_posted_lately_is_sent_when_the_space_is_back(chat: Chat, places: Places) -> None:
    places.space_lost("S1")
    post(chat, ToCommunity(), "x.one", "Hello")
    chat.deliver_all()
    assert chat.in_channel() == []
    places.space_found("S1")
    chat.deliver_all()
    assert [p.words.strip() for p in chat.in_channel()] == ["Hello"]


def test_removal_where_no_community_lives_is_nothing(chat: Chat, places: Places) -> None:
    assert not places.space_lost("S2")
    assert not places.space_found("S2")


def test_deleted_channel_is_told_once_and_gets_nothing(chat: Chat, places: Places, ben: Actor) -> None:
    for _time in range(2):
        places.look("S1", {"general": GONE})
    post(chat, ToCommunity(), "x.one", "Hello")
    chat.deliver_all()
    assert chat.in_channel() == []
    notices = [p.words for p in ben.direct() if "was deleted" in p.words]
    assert len(notices) == 1
    assert "#general, where Youth workers lives, was deleted." in notices[0]
    assert "channel bind" in notices[0]
    places.look("S1", {"general": HERE})
    chat.deliver_all()
    assert [p.words.strip() for p in chat.in_channel()] == ["Hello"]


def test_message_that_failed_a_moment_before_is_the_same_news(chat: Chat, places: Places, ben: Actor) -> None:
    chat.unreachable["general"] = "channel gone"
    post(chat, ToCommunity(), "x.one", "Hello")
    chat.deliver_all()
    places.look("S1", {"general": GONE})
    chat.deliver_all()
    assert len([p for p in ben.direct() if "I cannot post" in p.words]) == 1


def test_other_channel_of_the_community_goes_on(chat: Chat, places: Places, ben: Actor) -> None:
    ada = chat.person("Ada", manages=True)
    ada.types("channel bind <#staff>", root="admin")
    ben.types("checkin open What did you notice?", root="facilitator")
    chat.deliver_all()
    places.look("S1", {"staff": ChannelState("staff", "no permission")})
    chat.wait(days=10)
    assert "Answer late" in [a.label for a in chat.in_channel()[0].message.actions]
    assert any("I can’t post in #staff anymore" in p.words for p in ben.direct())


@pytest.mark.parametrize(
    "mend",
    [
        lambda ada: ada.types("channel bind <#general>", root="admin"),
        lambda ada: ada.types("channel bind <#staff>", root="admin"),
    ],
)
def test_binding_a_channel_lets_the_community_go_on(
    chat: Chat, places: Places, ben: Actor, mend: Callable[[Actor], str]
) -> None:
    """Whatever the platform said before: somebody asks for it."""
    ben.types("checkin open What did you notice?", root="facilitator")
    chat.deliver_all()
    places.look("S1", {"general": GONE})
    chat.wait(days=10)
    mend(chat.person("Ada", manages=True))
    chat.deliver_all()
    assert "Answer late" in [a.label for a in chat.in_channel()[0].message.actions]


def test_retry_tries_everything_again(chat: Chat, places: Places) -> None:
    places.look("S1", {"general": GONE})
    post(chat, ToCommunity(), "x.one", "Hello")
    chat.deliver_all()
    ada = chat.person("Ada", manages=True)
    ada.types("status", root="admin")
    ada.presses("Retry")
    chat.deliver_all()
    assert [p.words.strip() for p in chat.in_channel()] == ["Hello"]


def test_renamed_channel_has_its_new_name_on_other_platforms(chat: Chat, places: Places) -> None:
    places.look("S1", {"general": ChannelState("quiet-room")})
    with Session(chat.engine) as session, session.begin():
        [row] = communities.channels_in(session, chat.name, "S1")
        communities.bind(session, row.community_id, "slack", "T1", "C1")
        row.space = "S2"
    ada = chat.person("Ada", manages=True)
    with Session(chat.engine) as session, session.begin():
        [row] = communities.channels_in(session, chat.name, "S2")
        row.space = "S9"
        communities.bind(session, row.community_id, chat.name, "S1", "general")
    said = ada.types("channel show", root="admin")
    assert "#quiet-room (Pretend)" in said
    places.renumber("S1", "general", "C77")
    with Session(chat.engine) as session:
        assert [row.channel for row in communities.channels_in(session, chat.name, "S1")] == ["C77"]


def test_direct_messages_of_a_community_elsewhere_are_sent(chat: Chat, places: Places) -> None:
    """People of a server that removed the bot may be members of a community in another one."""
    mei = person_id(chat, "Mei")
    with Session(chat.engine) as session, session.begin():
        for number, community in enumerate((1, None)):
            outbox.put(
                session,
                key=f"x.{number}@p1",
                platform=chat.name,
                space="S1",
                address='{"person":"mei","kind":"direct"}',
                message="{}",
                now=chat.clock.now(),
                community=community,
                person=mei,
            )
    places.space_lost("S1")
    with Session(chat.engine) as session:
        states = [row.state for row in session.exec(select(Outgoing).order_by(Outgoing.id))]  # type: ignore[arg-type]
    assert states == [outbox.FAILED, outbox.WAITING]
