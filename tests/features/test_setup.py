"""Setting a community up, told by Ada, who reads no manual."""

from datetime import date

import pytest
from sqlmodel import Session, select

from bot.cadence import occurrences, read
from bot.core.events import Click
from bot.features.setup import rules
from bot.ui import Button, ChannelField, Form, FormErrors, Message, PeopleField, Select
from storage.communities import communities
from storage.communities.communities import Channel, Community, Season
from storage.meetings import meetings
from storage.messaging import timers
from storage.operations import drafts
from storage.people import people
from tests.support.chat import START, Actor, Chat, words

WORDS = "second Wednesday of each month, October to June, 4pm"


@pytest.fixture
def ada(chat: Chat) -> Actor:
    return chat.person("Ada", manages=True, zone="America/New_York")


def to_people(ada: Actor, name: str = "Youth workers", **answers: str) -> None:
    ada.types("setup", root="admin")
    ada.fills(name=name, purpose="Better afternoons", **answers)
    ada.presses("Next: where and who leads")


def to_preview(ada: Actor, name: str = "Youth workers", phrase: str = WORDS, **where: str) -> str:
    to_people(ada, name)
    ada.fills(**{"facilitators": "ben ada", "minutes": "90", "place": "Room 2", **where})
    ada.presses("Next: when you meet")
    ada.fills(phrase=phrase)
    return ada.presses("Right: show the first month")


def made(chat: Chat) -> list[str]:
    with Session(chat.engine) as session:
        return [c.name for c in session.exec(select(Community).order_by(Community.name))]


def test_manager_sets_up_a_community(chat: Chat, ada: Actor) -> None:
    ada.types("setup", root="admin")
    assert isinstance(ada.sees, Form)
    assert {f.name: getattr(f, "initial", "") for f in ada.sees.fields} == {
        "name": "",
        "purpose": "",
        "zone": "America/New_York",
        "country": "US",
    }
    said = ada.fills(name="Youth workers", purpose="Better afternoons", zone="Boston")
    assert "Time zone: America/New_York" in said
    ada.presses("Next: where and who leads")
    assert isinstance(ada.sees, Form)
    where, who = ada.sees.fields[:2]
    assert isinstance(where, ChannelField)
    assert isinstance(who, PeopleField)
    assert (where.initial, who.initial) == ("general", ("ada",))
    ada.fills(facilitators="ben ada", minutes="90 min", place="https://example.org/room")
    ada.presses("Next: when you meet")
    said = ada.fills(phrase=WORDS)
    assert "second Wednesday of each month, October to June" in said
    assert said.count("- Wed, ") == 5
    assert "Wed, Oct 8, 2025, 4:00 PM" in said
    said = ada.presses("Right: show the first month")
    assert "Wed, Oct 1, 2025, 4:00 PM: reminder, a week before" in said
    assert "Wed, Oct 8, 2025, 4:00 PM: the meeting" in said
    assert "reflection prompt" in said
    assert chat.posts == []
    assert made(chat) == []
    assert "Youth workers has started" in ada.presses("Start")
    chat.deliver_all()
    assert "Welcome to Youth workers" in chat.in_channel()[0].words
    [ben] = [p for p in chat.posts if p.person == "ben"]
    assert "Ada named you a facilitator of Youth workers" in ben.words
    with Session(chat.engine) as session:
        [community] = session.exec(select(Community)).all()
        assert (community.name, community.zone, community.country) == ("Youth workers", "America/New_York", "US")
        assert community.id
        assert [c.channel for c in communities.channels(session, community.id)] == ["general"]
        facilitators = people.with_role(session, community.id, 2)
        assert {people.membership(session, community.id, people.key(p)).role for p in facilitators} == {2, 3}  # type: ignore[union-attr]
        [series] = meetings.series_of(session, community.id)
        assert (series.minutes, series.link, series.place) == (90, "https://example.org/room", "")
        [season] = session.exec(select(Season)).all()
        assert (season.name, season.ends) == ("2025–26", date(2026, 6, 30))
        # Setup makes nobody a member.
        assert people.members(session, community.id) == []


def test_others_join_from_the_welcome(chat: Chat, ada: Actor) -> None:
    to_preview(ada)
    ada.presses("Start")
    mei = chat.person("Mei")
    assert "Join Youth workers?" in mei.presses("Join", on=chat.in_channel()[0])
    assert "Join Youth workers?" in ada.presses("Join")


def test_only_a_manager_may_set_up(chat: Chat) -> None:
    assert "is for admins" in chat.person("Zed").types("setup", root="admin")


def test_unreadable_cadence_is_answered_with_the_nearest(chat: Chat, ada: Actor) -> None:
    to_people(ada)
    ada.fills()
    ada.presses("Next: when you meet")
    said = ada.fills(phrase="second Wendsday at 4pm")
    assert "Like this: " in said
    assert "Wednesday" in said
    assert isinstance(ada.sees, FormErrors)
    assert ada.sees.form.fields[1].initial == "second Wendsday at 4pm"
    assert "I understood" in ada.fills(phrase="second Wednesday at 4pm")
    ada.presses("Change")
    assert isinstance(ada.sees, Form)
    assert ada.sees.fields[1].initial == "second Wednesday at 4pm"
    assert "Nothing was typed" in ada.fills(phrase="")


def test_community_may_set_each_date_by_hand(chat: Chat, ada: Actor) -> None:
    to_people(ada)
    ada.fills()
    ada.presses("Next: when you meet")
    assert "/cop-facilitate meeting schedule" in ada.fills(how="ourselves")
    assert "Until a meeting is planned I post nothing but a welcome" in ada.presses("Right: show what I do")
    ada.presses("Start")
    with Session(chat.engine) as session:
        assert session.exec(select(meetings.Series)).all() == []
        [season] = session.exec(select(Season)).all()
        assert (season.ends - season.starts).days == 364


def test_schedule_is_chosen_before_the_start_and_needs_no_choice(chat: Chat, ada: Actor) -> None:
    said = to_preview(ada)
    assert "Schedule: One question a week. If that suits you, there’s nothing to choose" in said
    assert "a reflection prompt" in said
    said = ada.chooses("Another schedule", "Light: only around meetings")
    assert "Schedule: Light: only around meetings" in said
    assert "what helped, what to change" in said
    assert "a reflection prompt" not in said
    assert "Thu, Sep 25, 2025, 9:00 AM: a short check-in" in ada.chooses("Another schedule", "A check-in every week")
    assert "no setup of yours" in words(
        chat.app.handle(Click(ada.place(), ada.who, "setup.preset", chosen=("hourly",)))
    )
    ada.presses("Start")
    chat.deliver_all()
    said = ada.types("schedule show", root="admin")
    assert "Check-in: every Thursday, 9:00 AM (next: Thu, Sep 25, 2025" in said
    assert "Reflection" not in said


def test_usual_schedule_of_a_new_community_goes_by_its_meetings(chat: Chat, ada: Actor) -> None:
    """With a meeting each week, the card after it and a check-in take turns."""
    to_preview(ada, phrase="every Tuesday at 4pm")
    ada.presses("Start")
    chat.deliver_all()
    said = ada.types("schedule show", root="admin")
    assert "when each meeting ends, in odd weeks" in said
    assert "every Thursday, 9:00 AM, in even weeks" in said


def test_schedule_without_meetings_shows_what_comes_all_the_same(chat: Chat, ada: Actor) -> None:
    to_people(ada)
    ada.fills()
    ada.presses("Next: when you meet")
    ada.fills(how="ourselves")
    ada.presses("Right: show what I do")
    said = ada.chooses("Another schedule", "A check-in every week")
    assert "even before a meeting is planned:\n- Thu, Sep 25, 2025, 9:00 AM: a short check-in" in said
    assert "once one is planned:\n- after-meeting card when each meeting ends" in said
    ada.presses("Start")
    chat.deliver_all()
    chat.wait(days=8)
    assert [post.message.title for post in chat.in_channel()].count("Check-in") >= 1


def test_closed_form_loses_nothing(chat: Chat, ada: Actor) -> None:
    to_people(ada)
    assert "1 of 3 forms are done" in ada.types("setup", root="admin")
    ada.presses("Go on")
    ada.fills(place="Room 2")
    # The bot restarts.
    again = Chat(chat.engine)
    ada = again.person("Ada", manages=True)
    assert "2 of 3 forms are done" in ada.types("setup", root="admin")
    ada.presses("Go on")
    assert "I understood" in ada.fills(phrase=WORDS)
    assert "You have begun to set up Youth workers" in ada.types("setup", root="admin")
    assert "I understood" in ada.presses("Go on")
    ada.presses("Right: show the first month")
    ada.presses("Start")
    assert made(chat) == ["Youth workers"]


def test_starting_over_forgets_what_was_typed(chat: Chat, ada: Actor) -> None:
    to_people(ada)
    ada.types("setup", root="admin")
    ada.presses("Start over")
    assert isinstance(ada.sees, Form)
    assert ada.sees.fields[0].initial == ""
    with Session(chat.engine) as session:
        assert session.exec(select(drafts.Draft).where(drafts.Draft.kind == "setup")).all() == []


def test_start_pressed_twice_creates_one_community(chat: Chat, ada: Actor) -> None:
    to_preview(ada)
    shown = ada.sees
    ada.presses("Start")
    ada.sees = shown
    assert "started already" in ada.presses("Start")
    assert made(chat) == ["Youth workers"]
    assert len(chat.in_channel()) == 1


def test_channel_belongs_to_one_community(chat: Chat, ada: Actor) -> None:
    to_preview(ada)
    ada.presses("Start")
    to_people(ada, "Staff leaders")
    assert isinstance(ada.sees, Form)
    # It isn't offered again.
    assert ada.sees.fields[0].initial == ""
    assert "Youth workers meets in that channel" in ada.fills(channel="general")
    assert "2 of 3 forms" in ada.fills(channel="staff")


def test_start_is_refused_when_its_channel_was_taken_meanwhile(chat: Chat, ada: Actor) -> None:
    bea = chat.person("Bea", manages=True, zone="America/New_York")
    to_preview(ada)
    to_preview(bea, "Staff leaders")
    bea.presses("Start")
    assert "Meanwhile that channel was given to Staff leaders" in ada.presses("Start")
    assert made(chat) == ["Staff leaders"]
    ada.presses("Change where")
    ada.fills(channel="youth")
    ada.presses("Next: when you meet")
    ada.fills()
    ada.presses("Right: show the first month")
    ada.presses("Start")
    assert made(chat) == ["Staff leaders", "Youth workers"]


def test_every_invalid_answer_is_asked_again_at_once(chat: Chat, ada: Actor) -> None:
    """Empty and impossible answers are all marked at the same time."""
    ada.types("setup", root="admin")
    said = ada.fills(name=" \u200b ", purpose="x" * 700, zone="Atlantis", country="Narnia")
    for wrong in ("give it a name", "at most 600 characters", "do not know the time zone", "no public holidays"):
        assert wrong in said
    assert 'zone "Atlantis"' in said
    # Ada's own zone.
    assert said.count("America/New_York") == 1
    said = ada.fills(name="Us", purpose="", zone="Kenia", country="")
    assert "Like this: Africa/Nairobi, America/New_York" in said
    assert "at most 80" in ada.fills(name="y" * 100, purpose="", zone="New York", country="")
    assert "Did you mean Germany?" in ada.fills(name="Us", purpose="", zone="New York", country="Germny")
    assert made(chat) == []


def test_missing_channel_facilitator_minutes_and_link_are_named(chat: Chat, ada: Actor) -> None:
    to_people(ada)
    said = ada.fills(channel="", facilitators="", minutes="an hour", place="ftp://x y")
    for wrong in ("choose a channel", "at least one person", "no number of minutes", "cannot be opened"):
        assert wrong in said
    for minutes in ("0", "-5", "1441", "٩٠", "9" * 30):
        assert "no number of minutes" in ada.fills(minutes=minutes)


def test_communities_of_one_name_are_told_apart(chat: Chat, ada: Actor) -> None:
    to_preview(ada)
    ada.presses("Start")
    ada.types("setup", root="admin")
    assert "of that name meets here already" in ada.fills(name="youth WORKERS")


def test_missing_channel_is_reported_to_the_manager(chat: Chat, ada: Actor) -> None:
    chat.unreachable["gone"] = "channel gone"
    to_preview(ada, channel="gone", facilitators="ada")
    ada.presses("Start")
    chat.wait(minutes=6)
    assert "could not post the welcome of Youth workers in its channel: channel gone" in ada.direct()[-1].words


def test_typed_markup_stays_text(chat: Chat, ada: Actor) -> None:
    name = "@everyone <!channel> **b** [x](http://e.org)"
    to_preview(ada, name)
    ada.presses("Start")
    chat.deliver_all()
    with Session(chat.engine) as session:
        assert session.exec(select(Community.name)).one() == name
    assert name in chat.in_channel()[0].words


def test_button_says_that_its_setup_is_gone(chat: Chat, ada: Actor) -> None:
    to_preview(ada)
    shown = ada.sees
    assert isinstance(shown, Message)
    ada.types("setup", root="admin")
    ada.presses("Start over")
    for button in shown.actions:
        assert isinstance(button, Button | Select)
        said = words(chat.app.handle(Click(ada.place(), ada.who, button.action, button.value)))
        assert "no setup of yours" in said or "started already" in said
    assert made(chat) == []


def test_dates_that_have_passed_are_asked_again(chat: Chat, ada: Actor) -> None:
    to_preview(ada, phrase="September 24 2025 at 4pm, September 25 2025 at 4pm")
    chat.wait(days=10)
    assert "no longer works" in ada.presses("Start")
    assert made(chat) == []
    ada.presses("Change")
    ada.fills(phrase=WORDS)
    ada.presses("Right: show the first month")
    ada.presses("Start")
    assert made(chat) == ["Youth workers"]


def test_setup_in_a_direct_message_points_to_a_server(chat: Chat, ada: Actor) -> None:
    """A direct message belongs to no server, so the person is sent to one."""
    chat.space = ""
    assert "in the server where the community is to meet" in ada.types("setup", root="admin")


def test_meetings_are_planned_at_once(chat: Chat, ada: Actor) -> None:
    to_preview(ada)
    ada.presses("Start")
    with Session(chat.engine) as session:
        kinds = {t.kind for t in session.exec(select(timers.Timer))}
        [channel] = session.exec(select(Channel)).all()
        coming = meetings.next_meeting(session, channel.community_id, chat.clock.now())
    assert "setup.check" in kinds
    assert coming
    assert coming.starts_at.isoformat() == "2025-10-08T20:00:00+00:00"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("us", "US"), ("USA", "US"), ("United States", "US"), ("Germany", "DE"), ("", ""), ("none", ""), ("uk", "GB")],
)
def test_countries_are_read_as_people_write_them(typed: str, code: str) -> None:
    assert rules.read_country(typed) == code


@pytest.mark.parametrize(
    ("phrase", "ends"),
    [
        (WORDS, date(2026, 6, 30)),
        ("last Friday at 9:30am", date(2026, 9, 21)),  # all year round: a year
        ("first Monday of January, April, July and October at 9am", date(2026, 9, 21)),  # quarters are no break
        ("second Wednesday, October to June, 4pm", date(2026, 6, 30)),
    ],
)
def test_season_ends_at_the_long_break(phrase: str, ends: date) -> None:
    rule = read(phrase, zone="America/New_York", today=START.date()).rule
    coming = list(occurrences(rule, START, count=1))
    assert rules.season(rule, coming, START.date())[1] == ends
