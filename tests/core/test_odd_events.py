"""Odd events that do happen: several communities at once, an unknown zone, a timer moved while it fires."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.core.events import Click, Command, Place, PlatformUser, Submission, TimerFired
from bot.ui import Message, Select
from storage.agenda import topics
from storage.messaging import timers
from storage.operations import incidents
from storage.people import people
from tests.support.chat import Chat, words
from tests.support.community import ZONE, actors, create_community

ELSEWHERE = Place("pretend", "S1", "elsewhere")


def test_shortcut_says_where_to_go_when_several_communities_may_be_meant(chat: Chat) -> None:
    """A shortcut outside any community's channel is answered with where to use it."""
    create_community(chat)
    create_community(chat, ["Mei"], name="Leads", channel="leads")
    [mei] = actors(chat, "Mei")
    mei.channel = "elsewhere"
    assert "Please do this in the channel of the one you mean" in mei.shortcut("resources.save", "A good idea")


def test_member_of_many_communities_chooses_from_a_menu(chat: Chat) -> None:
    for number in range(8):
        create_community(chat, ["Mei"], name=f"Community {number}", channel=f"c{number}")
    [mei] = actors(chat, "Mei")
    mei.channel = "elsewhere"
    assert "Which one do you mean?" in mei.types("next")
    assert isinstance(mei.sees, Message)
    [menu] = mei.sees.actions
    assert isinstance(menu, Select)
    assert len(menu.choices) == 8
    assert "No meeting is planned" in mei.chooses(menu.label, "Community 7")


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "zh-TW", "pt_BR", "tlh", "", "../..", "x" * 500])
def test_every_locale_of_a_platform_is_answered(chat: Chat, locale: str) -> None:
    create_community(chat)
    ben = PlatformUser("ben", "Ben", locale=locale, can_manage=True)
    for line in ("quiet 20 8", "closure add Dec 24", "closure list", "next", "home", "timezone Berlin"):
        said = words(chat.app.handle(Command(Place("pretend", "S1", "general"), ben, line)))
        assert said
        assert "broke" not in said


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc", "America", "UTC+3", "x" * 5_000])
def test_unknown_time_zone_is_not_saved(chat: Chat, zone: str) -> None:
    create_community(chat)
    mei = PlatformUser("mei", "Mei", zone=zone)
    said = words(chat.app.handle(Command(Place("pretend", "S1", "general"), mei, "snooze 1w")))
    assert "I ask you nothing until" in said


def test_name_is_saved_short_and_without_hidden_marks(chat: Chat) -> None:
    create_community(chat)
    chat.app.handle(Command(ELSEWHERE, PlatformUser("mei", "\u202eMei\n\x00" + "x" * 500), "home"))
    with Session(chat.engine) as session:
        [mei] = [p for p in session.exec(select(people.Person)) if p.name.startswith("Mei")]
    assert len(mei.name) == 80


def test_incident_holds_the_error_and_not_what_was_typed(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ValueError("Ana hit somebody")

    monkeypatch.setattr(topics, "same", fail)
    assert "Something broke" in mei.types("topic Ana hit somebody")
    with Session(chat.engine) as session:
        [incident] = session.exec(select(incidents.Incident)).all()
    assert incident.error.startswith("ValueError at ")
    assert "Ana" not in incident.error


def due(row: timers.Timer) -> TimerFired:
    return TimerFired(row.id or 0, row.kind, row.value, row.at, row.community_id)


def test_timer_is_not_lost_when_moved_while_it_fires(chat: Chat) -> None:
    """Due timers are read in batches, and one timer may move the next one of its batch."""
    community = create_community(chat)
    later = chat.clock.now() + timedelta(days=2)
    with Session(chat.engine) as session, session.begin():
        row = timers.put(session, community, "rounds.close", "1", chat.clock.now())
        stale = due(row)
        row.at = later
    chat.app.handle(stale)
    with Session(chat.engine) as session:
        assert [t.at for t in session.exec(select(timers.Timer))] == [later]


def test_timer_is_not_mistaken_for_a_new_one_with_its_id(chat: Chat) -> None:
    community = create_community(chat)
    with Session(chat.engine) as session, session.begin():
        row = timers.put(session, community, "rounds.close", "1", chat.clock.now())
        stale = due(row)
        row.kind, row.value = "meetings.plan", ""
    chat.app.handle(stale)
    with Session(chat.engine) as session:
        assert [t.kind for t in session.exec(select(timers.Timer))] == ["meetings.plan"]


def test_id_of_thousands_of_digits_names_no_community(chat: Chat) -> None:
    create_community(chat)
    click = Click(ELSEWHERE, PlatformUser("mei", "Mei", zone=ZONE), "home.choose", ":", ("9" * 5_000,))
    assert "do not belong to that community" in words(chat.app.handle(click))


@pytest.mark.parametrize("odd", ["U\ud800X", "U\0X", "\udfff"])
def test_text_that_no_database_could_store_is_replaced_wherever_it_stands(chat: Chat, odd: str) -> None:
    """JSON can hold half of a character, and a zero."""
    create_community(chat)
    place, who = replace(ELSEWHERE, space=odd, channel=odd), PlatformUser(odd, odd, groups=(odd,))
    for event in (
        Command(place, who, f"share {odd}"),
        Command(ELSEWHERE, PlatformUser("mei", "Mei", zone=ZONE), f"topic {odd}", idempotency_key=odd),
        Click(place, who, "home.choose", odd, (odd,)),
        Submission(place, who, "reflections.save", odd, {"body": odd, odd: odd}),
    ):
        assert "Something broke" not in words(chat.app.handle(event))
    with Session(chat.engine) as session:
        assert session.exec(select(incidents.Incident)).all() == []
