"""Voting on topics: three dots each, secret until the vote closes, and no waiting topic is lost."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.core.events import Submission
from bot.domain.between_meetings import PUBLISH, TALLY, VOTE, Calendar, agenda_steps
from bot.features.agenda import rules
from bot.ui import Button, ChoiceField, Form
from storage.agenda import topics, votes
from storage.meetings import meetings
from tests.support.chat import Actor, Chat, Post
from tests.support.community import ZONE, actors
from tests.support.meetings import NEW_YORK, admin, create_meeting_community, local
from tests.support.scenes import scene

TITLES = ("Quiet arrivals", "Rainy days", "Working with parents")


@scene
def called(chat: Chat) -> Post:
    """The call for topics for the meeting of 12 November is posted, and three topics wait."""
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    chat.until(local(2025, 10, 29, 9, 1))
    for title in TITLES:
        mei.types(f"topic {title}")
    return [p for p in chat.in_channel() if p.message.title == "What is on your mind?"][-1]


def dots(who: Actor, *on: str) -> str:
    """Place dots on topics, by their titles."""
    if not isinstance(who.sees, Form) or who.sees.id != "agenda.dots":
        who.types("vote")
    assert isinstance(who.sees, Form)
    first = who.sees.fields[0]
    assert isinstance(first, ChoiceField)
    named = {label: value for value, label in first.choices}
    chosen = [named[title] for title in on] + ["0"] * (3 - len(on))
    return who.fills(dot1=chosen[0], dot2=chosen[1], dot3=chosen[2])


def agenda_of(chat: Chat) -> list[str]:
    [post] = [p for p in chat.in_channel() if p.message.title == "What we talk about"]
    return [line[2:] for line in post.words.splitlines() if line.startswith("- ")]


def test_agenda_call_leads_to_a_vote_and_an_agenda(chat: Chat) -> None:
    """The vote opens nine days before the meeting and closes seven before; the agenda is published on a working day."""
    card = called(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    assert "No vote is open now" in mei.types("vote")
    # Nine days before the meeting.
    chat.until(local(2025, 11, 3, 9, 1))
    assert "three dots" in card.words
    assert "facilitators included" in card.words
    [under] = [p for p in chat.in_channel() if p.under == card.id]
    olu.presses("Place my dots", on=under)
    assert "Rainy days: 2 dots" in dots(olu, "Rainy days", "Rainy days", "Quiet arrivals")
    mei.presses("Place my dots", on=card)
    dots(mei, "Rainy days", "Working with parents")
    dots(ben, "Working with parents", "Working with parents", "Working with parents")
    assert "no dots, which is fine" in dots(ana)

    # Seven days before.
    chat.until(local(2025, 11, 5, 17, 1))
    assert "3 people placed dots" in card.words
    lines = [line for line in card.words.splitlines() if line.startswith("- ")]
    assert lines == ["- Working with parents (4 dots)", "- Rainy days (3 dots)", "- Quiet arrivals (1 dot)"]
    assert "is closed" in under.words
    assert "closed 2025-11-05" in olu.presses("Place my dots", on=_as_it_was(under))
    assert "I publish it 2025-11-07" in ben.direct()[-1].words

    # Four days before falls on a Saturday.
    chat.until(local(2025, 11, 7, 9, 1))
    assert agenda_of(chat) == ["Working with parents (4 dots)", "Rainy days (3 dots)", "Quiet arrivals (1 dot)"]


def test_vote_and_agenda_are_named_in_the_week_ahead(chat: Chat) -> None:
    called(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 11, 2, 9))
    said = ben.types("preview", root="facilitator")
    assert "Mon, Nov 3, 2025, 9:00 AM: Vote on topics" in said
    assert "Fri, Nov 7, 2025, 9:00 AM: Agenda" in said
    assert "agenda." not in said


def _as_it_was(post: Post) -> Post:
    """Return the card as it was while the vote was open, as someone may still see it."""
    return replace(post, message=replace(post.message, actions=(Button("Place my dots", "agenda.dots", "1:2"),)))


def test_dots_are_hidden_until_the_vote_closes(chat: Chat) -> None:
    """Nobody sees a dot before the vote closes, and nobody ever reads whose it was."""
    card = called(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    ada = admin(chat)
    chat.until(local(2025, 11, 3, 9, 1))

    def everything_shown() -> list[str]:
        said = [ben.types(line, root="facilitator") for line in ("agenda show", "agenda publish", "preview")]
        exported = ada.types("export json", root="admin") + "".join(p.words for p in ada.direct())
        return [*said, olu.types("vote"), card.words, exported.partition("minutes")[0]]

    before = everything_shown()
    dots(mei, "Rainy days", "Rainy days", "Rainy days")
    assert everything_shown() == before
    # When publishing may begin.
    assert "2025-11-05" in before[1]
    with Session(chat.engine) as session:
        assert len(session.exec(select(votes.Dot)).all()) == 3
    chat.until(local(2025, 11, 5, 17, 1))
    with Session(chat.engine) as session:
        assert session.exec(select(votes.Dot)).all() == []
    assert "Rainy days (3 dots)" in card.words


def test_dots_can_be_changed_and_are_three_at_most(chat: Chat) -> None:
    """They can be changed until the vote closes, and no form gives anyone more than three."""
    card = called(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    chat.until(local(2025, 11, 3, 9, 1))
    dots(mei, "Rainy days", "Rainy days", "Rainy days")
    mei.presses("Change my dots")
    dots(mei, "Quiet arrivals")
    olu.types("vote")
    assert isinstance(olu.sees, Form)
    stuffed = {"dot1": "2", "dot2": "2", "dot3": "2", "dot4": "2", "dot5": "2", "topics": "2 2 2"}
    chat.app.handle(Submission(olu.place(), olu.who, "agenda.dots", olu.sees.value, stuffed))
    chat.app.handle(Submission(olu.place(), olu.who, "agenda.dots", olu.sees.value, {"dot1": "999", "dot2": "x y"}))
    dots(olu, "Rainy days", "Rainy days", "Rainy days")
    chat.until(local(2025, 11, 5, 17, 1))
    assert "Rainy days (3 dots)" in card.words
    assert "Quiet arrivals (1 dot)" in card.words


def test_unchosen_topic_returns_without_its_dots(chat: Chat) -> None:
    called(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    chat.until(local(2025, 11, 3, 9, 1))
    dots(mei, "Rainy days", "Quiet arrivals")
    chat.until(local(2025, 11, 7, 9, 1))
    assert agenda_of(chat) == ["Quiet arrivals (1 dot)", "Rainy days (1 dot)"]
    mei.types("topic Snacks")
    chat.until(local(2025, 11, 26, 9, 1))
    call = [p for p in chat.in_channel() if p.message.title == "What is on your mind?"][-1]
    assert "Working with parents" in call.words
    assert "Rainy days" not in call.words
    chat.until(local(2025, 12, 1, 9, 1))
    assert "- Working with parents\n- Snacks" in call.words
    assert "dots" not in ben.types("agenda show", root="facilitator").replace("sees any dots", "")


def test_vote_moves_with_its_meeting(chat: Chat) -> None:
    card = called(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    chat.until(local(2025, 11, 3, 9, 1))
    dots(mei, "Rainy days")
    assert "open until 2025-11-05 22:00" in card.words
    ben.types("meeting move 19 Nov 4pm", root="facilitator")
    assert "open until 2025-11-12 22:00" in card.words
    chat.until(local(2025, 11, 12, 16, 59))
    assert "Rainy days: 1 dot" in dots(mei, "Rainy days")
    chat.until(local(2025, 11, 12, 17, 1))
    assert "Rainy days (1 dot)" in card.words
    chat.until(local(2025, 11, 14, 9, 1))
    assert agenda_of(chat) == ["Rainy days (1 dot)"]


def test_vote_closes_before_a_meeting_that_was_brought_forward(chat: Chat) -> None:
    card = called(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    chat.until(local(2025, 11, 3, 9, 1))
    ben.types("meeting move 5 Nov 4pm", root="facilitator")
    assert "open until 2025-11-04 17:" in card.words
    dots(mei, "Rainy days")
    chat.until(local(2025, 11, 4, 18))
    assert "Rainy days (1 dot)" in card.words
    # There is no later moment to publish it.
    assert agenda_of(chat) == ["Rainy days (1 dot)"]


def test_cancelled_meeting_ends_its_vote_and_keeps_topics(chat: Chat) -> None:
    card = called(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    chat.until(local(2025, 11, 3, 9, 1))
    dots(mei, "Rainy days")
    ben.types("meeting cancel", root="facilitator")
    ben.fills(meeting="2.0")
    ben.presses("Cancel the meeting")
    assert "does not take place" in card.words
    assert "No vote is open" in mei.types("vote")
    assert "Rainy days" in ben.types("agenda show", root="facilitator")
    with Session(chat.engine) as session:
        assert session.exec(select(votes.Dot)).all() == []


def test_facilitator_opens_a_vote_by_hand_at_short_notice(chat: Chat) -> None:
    called(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    chat.until(local(2025, 10, 30, 12))
    ben.types("meeting schedule 2 Nov 12:00", root="facilitator")
    # Halfway to the meeting.
    assert "closes 2025-11-01" in ben.types("agenda vote", root="facilitator")
    assert "open already" in ben.types("agenda vote", root="facilitator")
    dots(mei, "Rainy days")
    chat.until(local(2025, 11, 1, 12))
    assert agenda_of(chat) == ["Rainy days (1 dot)"]
    assert "closed 2025-11-01" in ben.types("agenda vote", root="facilitator")


def test_single_topic_needs_no_vote(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("topic Rainy days")
    assert "at least two topics" in ben.types("agenda vote", root="facilitator")
    chat.until(local(2025, 9, 29, 12))
    assert "No vote is open" in mei.types("vote")
    chat.until(local(2025, 10, 3, 9, 1))
    # It is published all the same.
    assert agenda_of(chat) == ["Rainy days"]


def test_vote_is_neither_opened_nor_published_while_paused(chat: Chat) -> None:
    called(chat)
    admin(chat).types("cadence pause", root="admin")
    chat.until(local(2025, 11, 8, 9))
    assert [p for p in chat.in_channel() if "three dots" in p.words] == []
    assert [p for p in chat.in_channel() if p.message.title == "What we talk about"] == []


def test_topic_added_by_a_facilitator_says_why_and_needs_no_dots(chat: Chat) -> None:
    card = called(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("agenda add Plan the spring visit", root="facilitator")
    assert "Please say why in one line" in ben.fills()
    ben.fills(reason="The school needs dates")
    chat.until(local(2025, 11, 3, 9, 1))
    assert "spring visit" not in card.words
    dots(mei, "Rainy days")
    chat.until(local(2025, 11, 7, 9, 1))
    assert agenda_of(chat) == [
        "Plan the spring visit – added by a facilitator: The school needs dates",
        "Rainy days (1 dot)",
    ]


def test_similar_topics_are_offered_for_merging_and_keep_their_dots(chat: Chat) -> None:
    """Two topics that say the same are offered to be merged."""
    card = called(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    assert "looks much the same" in olu.types("topic Rainy day")
    chat.until(local(2025, 11, 3, 9, 1))
    dots(mei, "Rainy days", "Rainy days")
    dots(olu, "Rainy day")
    assert "look the same: “Rainy days” and “Rainy day”" in ben.types("agenda show", root="facilitator")
    assert "now stands for “Rainy day” too" in ben.presses("Put these two together")
    assert "look the same" not in ben.types("agenda show", root="facilitator")
    chat.until(local(2025, 11, 5, 17, 1))
    assert "Rainy days (3 dots)" in card.words


def test_topics_are_merged_and_separated_by_hand(chat: Chat) -> None:
    called(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("agenda merge", root="facilitator")
    assert "two different topics" in ben.fills(into="1", topic="1")
    ben.fills(into="1", topic="3")
    assert "Working with parents" not in ben.types("agenda show", root="facilitator")
    ben.types("agenda merge", root="facilitator")
    ben.fills(into="1", topic="2")
    assert "2 topics wait by themselves" in ben.presses("Take them apart")
    said = ben.types("agenda show", root="facilitator")
    assert all(title in said for title in TITLES)
    assert "is for facilitators" in mei.types("agenda merge", root="facilitator")


def test_merged_topic_waits_again_when_the_other_is_withdrawn(chat: Chat) -> None:
    """If the topic that stands for both is withdrawn, the other waits again."""
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    olu.types("topic Parents and us")
    mei.types("topic Working with parents")
    ben.types("agenda merge", root="facilitator")
    ben.fills(into="2", topic="1")
    assert "Taken back" in mei.presses("Take it back")
    assert "Parents and us" in ben.types("agenda show", root="facilitator")


def test_facilitator_notes_about_a_topic_are_private(chat: Chat) -> None:
    called(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ada = admin(chat)
    ben.types("agenda show", root="facilitator")
    ben.chooses("A note about one, for facilitators only", "Rainy days")
    assert "only those who facilitate here see it" in ben.fills(words="Ask Mei to bring her box")
    assert "Ask Mei to bring her box" in ben.types("agenda show", root="facilitator")
    # Administering isn't reading.
    assert "Ask Mei" not in ada.types("agenda show", root="facilitator")
    mei.types("data download")
    files = [p.message.attachment for p in mei.direct() if p.message.attachment]
    assert files
    assert not any("bring her box" in file.body for file in files)
    assert any(title in json.dumps([file.body for file in files]) for title in TITLES)
    chat.until(local(2025, 11, 8, 9))
    assert not any("bring her box" in p.words for p in chat.in_channel())


@pytest.mark.anywhere
def test_agenda_of_last_year_shows_its_notes(chat: Chat) -> None:
    called(chat)
    [ben] = actors(chat, "Ben")
    assert "no agenda from about a year before" in ben.types("agenda clone", root="facilitator")
    ben.types("agenda show", root="facilitator")
    ben.chooses("A note about one, for facilitators only", "Rainy days")
    ben.fills(words="Ask Mei to bring her box")
    chat.until(local(2025, 11, 8, 9))
    chat.until(local(2026, 10, 20, 9))
    with Session(chat.engine) as session:
        coming = meetings.next_meeting(session, 1, chat.clock.now())
        assert coming
        assert coming.starts_at.astimezone(NEW_YORK).date() == date(2026, 11, 11)
    ben.types("agenda clone", root="facilitator")
    assert "2 topics of last year are on the agenda" in ben.fills(topics="1 2")
    said = ben.types("agenda show", root="facilitator")
    assert "Rainy days – added by a facilitator: As last year" in said
    assert "Ask Mei to bring her box" in said
    ben.types("agenda clone", root="facilitator")
    assert "2 waited already" in ben.fills(topics="1 2")


# --- rules


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Quiet arrivals", "quiet arrival", True),
        ("Arrivals, quiet", "Quiet arrivals!", True),
        ("How do we end the day?", "How do we end our day", True),
        ("Rainy days", "Sunny days", False),
        ("Plan the spring visit", "Plan the autumn visit", False),
        ("Week 1", "Week 2", False),
        ("¿Cómo empezamos?", "como empezamos", True),
    ],
)
def test_similar_titles_are_recognized(one: str, other: str, same: bool) -> None:
    assert (rules.likeness(one, other) >= rules.ALIKE) is same


def topic(id: int, dots: int = 0, reason: str = "") -> topics.Topic:
    return topics.Topic(id=id, community_id=1, title=f"t{id}", dots=dots, reason=reason, added_at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("waiting", "voted", "agenda"),
    [
        ([], True, []),
        ([topic(1), topic(2)], False, [1, 2]),
        ([topic(1), topic(2, 1)], True, [2]),
        ([topic(1), topic(2)], True, [1, 2]),  # without dots: those that wait longest
        ([topic(1, 2), topic(2, 3), topic(3, 2)], True, [2, 1, 3]),
        ([topic(1, 2), topic(2, 0, "needed")], True, [2, 1]),
        ([topic(n, n) for n in range(1, 9)], True, [8, 7, 6, 5, 4]),
        ([topic(n, 0, "needed") for n in range(1, 13)], True, list(range(1, 11))),
    ],
)
def test_agenda_is_made_from_topics(waiting: list[topics.Topic], voted: bool, agenda: list[int]) -> None:
    assert [t.id for t in rules.proposed(waiting, voted=voted)] == agenda


@given(st.lists(st.integers(-5, 30), max_size=9), st.sets(st.integers(1, 25)))
def test_dots_are_at_most_three_and_on_open_topics_only(chosen: list[int], ballot: set[int]) -> None:
    counted = rules.spread(chosen, ballot)
    assert len(counted) <= rules.DOTS
    assert set(counted) <= ballot
    assert rules.spread(counted, ballot) == counted
    assert not Counter(counted) - Counter(chosen)


@given(st.permutations([topic(n, dots) for n, dots in enumerate((3, 1, 0, 3, 2, 0, 1), 1)]))
def test_agenda_does_not_depend_on_the_order_of_topics(waiting: list[topics.Topic]) -> None:
    assert [t.id for t in rules.proposed(waiting, voted=True)] == [1, 4, 5, 2, 7]


@given(
    st.integers(0, 14 * 365 * 24 * 60),
    st.sets(st.dates(date(2019, 1, 1), date(2032, 12, 31)), max_size=20),
    st.sampled_from([ZONE, "Europe/Berlin", "Pacific/Auckland", "UTC"]),
)
def test_agenda_steps_come_in_order_on_working_days_before_the_meeting(
    minutes: int, closed: set[date], zone: str
) -> None:
    calendar = Calendar(zone, "US", "PA", frozenset(closed))
    at = datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = agenda_steps(at, calendar)
    assert [*found] == [VOTE, TALLY, PUBLISH]
    assert found[VOTE] < found[TALLY] < found[PUBLISH] < at
    assert not any(calendar.is_closed(calendar.day(found[step])) for step in (VOTE, TALLY))
    assert found[TALLY] - found[VOTE] >= timedelta(hours=8)


@given(st.integers(1, 60 * 24 * 30), st.integers(-10_000, 40_000))
def test_vote_closes_after_it_opens_and_before_its_meeting(minutes: int, regular: int) -> None:
    now = datetime(2025, 11, 3, 9, tzinfo=UTC)
    start = now + timedelta(minutes=minutes)
    closes = rules.closes_at(min(now + timedelta(minutes=regular), start - timedelta(seconds=1)), now, start)
    assert now < closes < start
