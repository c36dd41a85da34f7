"""Admins see and change the schedule in plain words, and see the next month before anything is saved."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.core.events import Click
from bot.features.schedule import opening
from bot.ui import Form
from storage.communities import schedules
from storage.learning import checkins
from storage.messaging import timers
from storage.people import people
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors
from tests.support.deliveries import person_id
from tests.support.meetings import admin, local
from tests.support.schedules import set_up


def set_for(chat: Chat, *kinds: str) -> list[str]:
    """Return the timers of these kinds, in order of time."""
    with Session(chat.engine) as session:
        rows = timers.upcoming(session, 1, datetime(2100, 1, 1, tzinfo=UTC))
        return [f"{row.kind} {row.value} {row.at:%b %d %H:%M}" for row in rows if row.kind in kinds]


def test_usual_schedule_is_shown_with_its_next_dates(chat: Chat) -> None:
    set_up(chat)
    shown = admin(chat).types("schedule show", root="admin")
    assert "After-meeting card: when each meeting ends (next: Wed, Oct 8" in shown
    assert "Reflection prompt: 5 working days after each meeting, then every 3 weeks, 9:00 AM (next: " in shown
    assert "at most 1 question a week" in shown


def test_line_is_shown_with_the_month_before_it_is_saved(chat: Chat) -> None:
    set_up(chat)
    ada = admin(chat)
    shown = ada.types("schedule set reflection prompt halfway between meetings", root="admin")
    assert "I understood: reflection prompt halfway between meetings, 9:00 AM" in shown
    assert "Nothing is saved yet" in shown
    assert schedules_of(chat) is None
    assert "Saved" in ada.presses("Save")
    chat.deliver_all()
    assert set_for(chat, "prompts.due") == ["prompts.due 1 Oct 24 13:00"]
    assert "set by" not in ada.types("schedule show", root="admin")
    assert "changed the schedule" in ada.types("audit", root="admin")


def schedules_of(chat: Chat) -> schedules.Schedule | None:
    with Session(chat.engine) as session:
        return schedules.get(session, 1)


def test_own_checkin_opens_by_its_rhythm_and_closes_before_it_comes_again(chat: Chat) -> None:
    set_up(chat)
    ada = admin(chat)
    shown = ada.types("schedule add energy and load first and third Monday at 9, open 2 days", root="admin")
    assert "Energy and load first and third Monday of each month" in shown
    ada.presses("Save")
    chat.deliver_all()
    chat.until(local(2025, 10, 20, 10))
    cards = [post for post in chat.posts if "Energy and load" in post.words and post.channel]
    assert len(cards) == 1
    chat.until(local(2025, 10, 23, 10))
    assert any(post.message.title == "Summary" and post.under == cards[0].id for post in chat.posts)


def test_what_gives_way_is_said_before_saving_and_in_the_week_ahead(chat: Chat) -> None:
    set_up(chat)
    ada, [ben] = admin(chat), actors(chat, "Ben")
    shown = ada.types("schedule add energy and load every Monday at 9", root="admin")
    assert "What gives way" in shown
    assert "energy and load (gives way to the after-meeting card)" in shown.lower()
    assert "find a free week" in shown
    ada.presses("Save")
    chat.deliver_all()
    chat.until(local(2025, 10, 31, 12))
    ahead = ben.types("preview", root="facilitator")
    assert "Energy and load: gives way to the check-in" in ahead


def test_saved_no_matter_what_comes_in_a_week_that_is_taken(chat: Chat) -> None:
    set_up(chat)
    ada = admin(chat)
    ada.types("schedule add energy and load first Monday at 9", root="admin")
    ada.presses("Save, no matter what")
    chat.deliver_all()
    chat.until(local(2025, 11, 6, 12))
    came = [post for post in chat.posts if post.channel and not post.under and post.message.title == "Check-in"]
    # On October 1 and November 5 before the meetings, and on October 6 and November 3.
    assert ["Energy and load" in post.words for post in came] == [False, True, True, False]


@pytest.mark.parametrize(
    ("line", "why", "instead"),
    [
        ("chekin every monday", "I don’t know “chekin every”", "check-in every Monday, 9:00 AM"),
        ("after-meeting card every Friday", "comes when one ends", "after-meeting card when each meeting ends"),
        ("agenda call 3 days before each meeting", "The vote on topics opens 9 days", "agenda call 2 weeks before"),
        ("agenda call every Monday", "The vote on topics opens 9 days", "agenda call 2 weeks before each meeting"),
        ("reflection every Monday privately", "always goes to everyone", "reflection prompt every Monday, 9:00 AM"),
        (
            "energy and load every workday",
            "again before the one before",
            "Energy and load every workday, 9:00 AM, open 1",
        ),
        ("energy and load every Monday for Ben", "Everyone sees", "every Monday, 9:00 AM, privately, for Ben"),
        (
            "energy and load every workday privately, open 1 day",
            "at most 2 private questions",
            "Energy and load every Monday and Thursday, 9:00 AM, privately, open 1 working day",
        ),
        (
            "check-in every Monday and Wednesday",
            "again before the one before",
            "check-in every Monday, 9:00 AM",
        ),
        (
            "energy and load every Monday privately for driver",
            'I do not understand "driver"',
            "Energy and load every Monday, 9:00 AM",
        ),
        ("energy and load Dec 1 2024 at 9am", "has passed", "Energy and load December 1, 2025, 9:00 AM"),
    ],
)
def test_line_that_can_not_be_right_is_refused_with_the_corrected_one(
    chat: Chat, line: str, why: str, instead: str
) -> None:
    set_up(chat)
    ada = admin(chat)
    shown = ada.types(f"schedule set {line}", root="admin")
    assert why in shown
    assert "Nothing is saved" in shown
    assert instead in shown
    assert schedules_of(chat) is None


@pytest.mark.parametrize(
    "line",
    [
        "energy and load every Monday and Thursday, 9:00 AM, privately, open 1 working day",
        "check-in every Monday, 9:00 AM",
        "energy and load every workday, 9:00 AM, open 1 working day",
        "agenda call 2 weeks before each meeting",
    ],
)
def test_corrected_line_can_be_typed_as_it_is(chat: Chat, line: str) -> None:
    set_up(chat)
    assert "I understood" in admin(chat).types(f"schedule set {line}", root="admin")


def test_rhythm_that_never_comes_is_refused_without_what_keeps_it_away(chat: Chat) -> None:
    """From an even week on, every other Monday is in even weeks until the year ends with week 53."""
    set_up(chat)
    ada = admin(chat)
    line = "schedule set energy and load every other Monday from Oct 6 2025 until Dec 20 2025 in odd weeks"
    shown = ada.types(line, root="admin")
    odd = "I understood" in shown
    other = ada.types(line.replace("Oct 6", "Oct 13"), root="admin")
    assert odd != ("I understood" in other)
    refused = other if odd else shown
    assert "That never comes" in refused
    assert "until December 20, 2025, 9:00 AM" in refused


def test_pause_says_when_it_comes_next(chat: Chat) -> None:
    set_up(chat)
    ada = admin(chat)
    shown = ada.types("schedule pause reflection until January 12", root="admin")
    assert "Reflection prompt is paused until Mon, Jan 12, 2026. It comes next Wed, Jan 21, 2026" in shown
    chat.deliver_all()
    chat.until(local(2025, 12, 31, 12))
    assert not any(post.message.title == "Reflection prompt" for post in chat.posts)
    assert "Saved" in ada.presses("Resume")
    assert "is off until" in ada.types("schedule pause check-in", root="admin")
    chat.deliver_all()
    assert set_for(chat, "checkins.due") == []
    assert "Try" in ada.types("schedule pause check-in until yesterday", root="admin")


def test_reset_offers_presets_and_replaces_the_schedule(chat: Chat) -> None:
    set_up(chat)
    ada = admin(chat)
    shown = ada.types("schedule reset light", root="admin")
    assert "agenda call 2 weeks before each meeting" in shown
    assert "check-in" not in shown.partition("The next month")[0].lower()
    ada.presses("Replace the schedule")
    chat.deliver_all()
    assert set_for(chat, "checkins.due", "prompts.due") == []
    ada.types("schedule reset usual", root="admin")
    ada.presses("Replace the schedule")
    assert schedules_of(chat) is None
    assert "is not one of usual, light" in ada.types("schedule reset hourly", root="admin")


def test_limit_is_raised_knowingly(chat: Chat) -> None:
    set_up(chat)
    ada = admin(chat)
    ada.types("schedule add energy and load every Monday at 9", root="admin")
    ada.presses("Save")
    ada.types("schedule show", root="admin")
    ada.presses("Limits")
    assert "Saved. I plan at most 2 questions a week here." in ada.fills(limit="2", private="2")
    shown = ada.types("schedule show", root="admin")
    assert "at most 2 questions a week" in shown
    chat.deliver_all()
    chat.until(local(2025, 11, 5, 12))
    said = [post.words for post in chat.posts if post.channel and not post.under]
    assert len([one for one in said if "Energy and load" in one]) == 6


def test_admin_schedules_what_was_just_built_without_typing_a_line(chat: Chat) -> None:
    set_up(chat)
    ben = chat.person("Ben", manages=True)
    ben.types("checkin new", root="facilitator")
    ben.chooses("Choose a template", "Before a visit · about 2 minutes")
    assert "schedule add" not in ben.presses("Use it")
    assert ben.presses("Ask it regularly").startswith("Before a visit")
    assert isinstance(ben.sees, Form)
    assert ben.sees.fields[0].initial == "5 working days before each site visit"
    shown = ben.fills(when="first Monday at 9")
    assert "I understood: Before a visit first Monday of each month, 9:00 AM" in shown
    assert "Saved" in ben.presses("Save")
    ben.types("checkin list", root="facilitator")
    ben.chooses("Choose one", "Before a visit")
    assert "Before a visit: first Monday of each month, 9:00 AM (next: " in ben.presses("Ask it regularly")


def test_facilitator_who_is_no_admin_reads_which_line_an_admin_can_type(chat: Chat) -> None:
    set_up(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin new", root="facilitator")
    ben.chooses("Choose a template", "Monday check-in · about 3 minutes")
    said = ben.presses("Use it")
    assert "An admin can have it asked regularly: /cop-admin schedule add Monday check-in every Monday at 9" in said
    assert "Ask it regularly" not in [getattr(each, "label", "") for each in ben.shown.actions]


def test_button_for_a_checkin_of_elsewhere_or_at_rest_says_so(chat: Chat) -> None:
    set_up(chat)
    ada = admin(chat)
    with Session(chat.engine) as session, session.begin():
        row = checkins.get(session, 1, 1)
        assert row
        row.state = checkins.RESTING

    def click(value: str) -> str:
        ada.sees = chat.app.handle(Click(ada.place(), ada.who, "schedule.own", f"1:{value}"))
        return words(ada.sees)

    for gone in ("2.every Monday", "", "x", "-1.", "999999999999999999999."):
        assert "no longer there" in click(gone)
    assert click("1." + "y" * 900).startswith("Energy and load")
    assert "is resting, so no one is asked" in ada.fills(when="every Monday at 9")


def test_line_that_is_for_no_one_at_present_says_so(chat: Chat) -> None:
    set_up(chat)
    with Session(chat.engine) as session, session.begin():
        member = people.membership(session, 1, person_id(chat, "Mei"))
        assert member
        member.role_group = "driver"
    ada = admin(chat)
    line = "schedule add energy and load every Monday privately for driver"
    assert "It asks 1 person" in ada.types(line, root="admin")
    with Session(chat.engine) as session, session.begin():
        schedules.set_muted(session, 1, person_id(chat, "Mei"), ["checkin 1"])
    shown = ada.types(line, root="admin")
    assert "It asks 0 people" in shown
    assert "for no one at present" in shown


def test_line_for_people_who_have_all_left_is_not_for_everyone(chat: Chat) -> None:
    set_up(chat)
    ada, [mei] = admin(chat), actors(chat, "Mei")
    ada.types("schedule add energy and load every Monday privately for Mei", root="admin")
    ada.presses("Save")
    mei.types("leave")
    mei.presses("Leave")
    assert "privately, for no one" in ada.types("schedule show", root="admin")
    chat.deliver_all()
    chat.until(local(2025, 10, 31, 12))
    assert not any("How full is your plate?" in post.words for post in chat.posts)
    assert not any("Energy and load" in post.words for post in actors(chat, "Olu")[0].direct())


def test_private_check_in_is_open_only_for_whom_it_asks(chat: Chat) -> None:
    set_up(chat)
    ada, [mei, olu] = admin(chat), actors(chat, "Mei", "Olu")
    ada.types("schedule add energy and load every Monday privately for Mei", root="admin")
    ada.presses("Save")
    chat.until(local(2025, 10, 20, 12))
    assert any("Energy and load" in post.words for post in mei.direct())
    assert "Energy and load" in mei.types("home")
    for line in ("home", "answer", "later"):
        assert "Energy and load" not in olu.types(line)


def test_schedule_is_changed_by_admins_only(chat: Chat) -> None:
    set_up(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "admin" in ben.types("schedule set check-in every Monday", root="admin")
    assert words(chat.app.handle(Click(mei.place(), mei.who, "schedule.off", "1:checkins.due")))
    assert schedules_of(chat) is None


def test_member_sees_the_schedule_and_mutes_a_part(chat: Chat) -> None:
    set_up(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    assert "Check-in: 1 week before each meeting" in mei.types("schedule")
    mei.presses("Mute")
    assert "Muted: check-in" in mei.fills(muted="checkins.due")
    assert "muted by you" in mei.types("schedule")
    ben.types("checkin open How is the week?")
    chat.wait(days=4)
    nudged = [[p for p in each.direct() if "How is the week?" in p.words] for each in (mei, olu)]
    assert [len(those) for those in nudged] == [0, 1]


def test_private_checkin_comes_at_each_ones_own_hour(chat: Chat) -> None:
    """Olu is in Manila and Ana in Honolulu: for both it is Monday, 9:00."""
    set_up(chat)
    ada = admin(chat)
    zones = {person_id(chat, "Olu"): "Asia/Manila", person_id(chat, "Ana"): "Pacific/Honolulu"}
    with Session(chat.engine) as session, session.begin():
        for id, zone in zones.items():
            person = people.get(session, id)
            assert person
            person.zone = zone
    shown = ada.types("schedule add energy and load third Monday at 9 privately", root="admin")
    assert "It asks 4 people. Each gets it at their own local hour." in shown
    ada.presses("Save")
    chat.deliver_all()

    def asked() -> list[int]:
        people_asked = actors(chat, "Olu", "Mei", "Ana")
        return [len([p for p in each.direct() if "Energy and load" in p.words]) for each in people_asked]

    chat.until(datetime(2025, 10, 20, 0, 59, tzinfo=UTC))
    assert asked() == [0, 0, 0]
    chat.until(datetime(2025, 10, 20, 1, 1, tzinfo=UTC))
    assert asked() == [1, 0, 0]
    chat.until(datetime(2025, 10, 20, 13, 1, tzinfo=UTC))
    assert asked() == [1, 1, 0]
    chat.until(datetime(2025, 10, 20, 19, 1, tzinfo=UTC))
    assert asked() == [1, 1, 1]
    assert not any("Energy and load" in post.words for post in chat.posts if post.channel)


def told_of_nobody(ben: Actor) -> int:
    return len([post for post in ben.direct() if "no one it’s for is here at present" in post.words])


def test_facilitators_are_told_of_a_private_checkin_that_is_for_no_one(chat: Chat) -> None:
    """Mei, the only driver, has left. That she muted it first was nobody's business."""
    set_up(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    id = person_id(chat, "Mei")
    with Session(chat.engine) as session, session.begin():
        member = people.membership(session, 1, id)
        assert member
        member.role_group = "driver"
        schedules.set_muted(session, 1, id, ["checkin 1"])
    ada = admin(chat)
    ada.types("schedule add energy and load every Monday at 9 privately for driver", root="admin")
    ada.presses("Save")
    chat.wait(days=8)
    assert told_of_nobody(ben) == 0
    mei.types("leave")
    mei.presses("Leave")
    before = len(mei.direct())
    chat.until(datetime(2025, 10, 14, 20, tzinfo=UTC))
    # Once a month, however many Mondays it has.
    assert told_of_nobody(ben) == 1
    assert len(mei.direct()) == before
    assert not any("Energy and load" in post.words for post in chat.posts if post.channel)


def test_private_checkin_waits_on_the_home_card_where_direct_messages_are_closed(chat: Chat) -> None:
    """Facilitators learn how many messages didn't arrive, and not whose."""
    set_up(chat)
    ada = admin(chat)
    ada.types("schedule add energy and load third Monday at 9 privately", root="admin")
    ada.presses("Save")
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    chat.unreachable[mei.who.id] = "direct messages closed"
    chat.until(datetime(2025, 10, 20, 13, 1, tzinfo=UTC))
    assert mei.direct() == []
    assert len([post for post in olu.direct() if "Energy and load" in post.words]) == 1
    assert "Energy and load" in mei.types("home")
    mei.presses("Answer")
    assert isinstance(mei.sees, Form)
    assert "Mei" not in "".join(post.words for post in ben.direct() if "closed" in post.words)
    said = ada.types("status", root="admin")
    assert "to one person: direct messages closed" in said
    assert "Mei" not in said


def test_private_checkin_asks_many_people_a_few_at_a_time(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "ASKED_AT_ONCE", 2)
    set_up(chat)
    ada = admin(chat)
    ada.types("schedule add energy and load third Monday at 9 privately", root="admin")
    ada.presses("Save")
    chat.until(datetime(2025, 10, 20, 13, 1, tzinfo=UTC))
    asked = [
        [post for post in each.direct() if "Energy and load" in post.words]
        for each in actors(chat, "Olu", "Mei", "Ana")
    ]
    assert [len(posts) for posts in asked] == [1, 1, 1]
