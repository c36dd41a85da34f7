"""What the rotation asks a community: in its language, about its work, and nobody the same thing twice."""

from collections.abc import Collection
from datetime import timedelta

from sqlmodel import Session

from bot.features.prompts import bank
from storage.communities import communities, request_quota
from storage.learning import rounds
from storage.learning.rounds import REFLECTION
from storage.messaging import timers
from storage.people import people
from tests.support.chat import Chat
from tests.support.community import actors, create_community, person_key


def asked_before(chat: Chat, community: int, ids: Collection[str], *, days: int = 30) -> None:
    """Let the community have been asked these prompts so long ago."""
    at = chat.clock.now() - timedelta(days=days)
    with Session(chat.engine) as session, session.begin():
        for id in ids:
            row = rounds.open_round(
                session, community, REFLECTION, "?", now=at, closes_at=at + timedelta(days=5), prompt_id=id
            )
            row.closed_at = row.closes_at


def prompt_is_due(chat: Chat) -> None:
    with Session(chat.engine) as session, session.begin():
        timers.put(session, 1, "prompts.due", "1", chat.clock.now() + timedelta(hours=1))
    chat.wait(hours=2)


ALL = frozenset(p.id for p in bank.load())


def test_spanish_community_is_asked_in_spanish(chat: Chat) -> None:
    with Session(chat.engine) as session, session.begin():
        found = communities.get(session, create_community(chat))
        assert found
        found.locale = "es-MX"
        session.add(found)
    prompt_is_due(chat)
    [asked] = [p for p in bank.load("es") if p.text in chat.last.words]
    assert asked.starter in chat.last.words or asked.season == "launch"


def test_community_that_was_asked_everything_is_asked_nothing_and_its_facilitator_told(chat: Chat) -> None:
    """The week stays free for something else. They are asked again two seasons later."""
    community = create_community(chat)
    [ben] = actors(chat, "Ben")
    asked_before(chat, community, ALL, days=700)
    posts = len(chat.in_channel())
    assert "asked every prompt" in ben.types("prompt now")
    assert "asked every prompt" in ben.types("prompt list")
    prompt_is_due(chat)
    assert len(chat.in_channel()) == posts
    [note] = [p.words for p in ben.direct()]
    assert "I don’t repeat any" in note
    with Session(chat.engine) as session:
        week = request_quota.week_of(chat.clock.now(), "America/New_York")
        assert not request_quota.made(session, community, week)
    chat.wait(days=31)
    assert "This one would come next" in ben.types("prompt now")


def test_question_of_their_own_frees_the_one_category_that_is_left(chat: Chat) -> None:
    """No category comes twice running, not even if it's the only one left."""
    community = create_community(chat)
    [ben] = actors(chat, "Ben")
    wins = [p.id for p in bank.load() if p.category == "wins and strengths" and "any" in p.roles]
    asked_before(chat, community, ALL - {*wins})
    asked_before(chat, community, wins[:1], days=20)
    with Session(chat.engine) as session, session.begin():
        rounds.recent(session, community, REFLECTION, 1)[0].category = "wins and strengths"
    assert "asked every prompt" in ben.types("prompt now")
    ben.types("prompt now What surprised you this week?")
    chat.wait(days=10)
    assert "wins and strengths" in ben.types("prompt now")


def test_member_of_two_communities_is_asked_a_prompt_in_one_of_them(chat: Chat) -> None:
    """What a member was asked elsewhere since they joined there isn't asked here. Facilitators don't count."""
    here = create_community(chat)
    there = create_community(chat, ("Mei", "Kit"), name="STEAM", channel="steam")
    easy = [p.id for p in bank.load() if p.season == "launch" and p.depth == 1 and "any" in p.roles]
    asked_before(chat, there, ALL - {easy[0]}, days=-1)
    [ben] = actors(chat, "Ben")
    assert bank.by_id(easy[0]).text in ben.types("prompt now")
    with Session(chat.engine) as session, session.begin():
        mei = people.membership(session, here, person_key(session, chat, "Mei", chat.clock.now()))
        assert mei
        mei.role = people.FACILITATOR
    offered = [ben.types("prompt now"), *(ben.presses("Show another") for _ in range(5))]
    assert len({*offered}) == 6


def test_newcomer_was_not_asked_what_came_before_they_joined(chat: Chat) -> None:
    create_community(chat)
    there = create_community(chat, ("Mei",), name="STEAM", channel="steam")
    asked_before(chat, there, ALL, days=30)
    [ben] = actors(chat, "Ben")
    assert "This one would come next" in ben.types("prompt now")


def test_prompt_in_the_queue_is_not_chosen_before_its_turn(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("prompt queue")
    first = ben.sees.fields[0].choices[0][0]  # type: ignore[union-attr]
    ben.fills(prompt=first)
    assert bank.by_id(first).text not in ben.types("prompt now")
    ben.types("prompt queue")
    assert first not in [id for id, _text in ben.sees.fields[0].choices]  # type: ignore[union-attr]


def test_facilitator_reads_what_can_hurt_before_sending(chat: Chat) -> None:
    community = create_community(chat)
    [ben] = actors(chat, "Ben")
    prompt = bank.by_id("wellbeing-gave-back")
    asked_before(chat, community, ALL - {prompt.id})
    assert prompt.note in ben.types("prompt now")


def test_members_are_asked_about_what_they_do(chat: Chat) -> None:
    """In their own words, if at least half do it."""
    community = create_community(chat)
    [ben] = actors(chat, "Ben")
    for_directors = [p.id for p in bank.load() if p.roles[0] == "director" and p.depth < 4]
    asked_before(chat, community, ALL - {*for_directors})
    assert "asked every prompt" in ben.types("prompt now")
    with Session(chat.engine) as session, session.begin():
        for member, _person in people.members(session, community)[:2]:
            member.role_group = "Executive Director, The Y"
    assert "This one would come next" in ben.types("prompt now")
