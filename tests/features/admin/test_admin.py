"""Admin commands, told by Ada, who manages the workspace."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.core.events import Command
from bot.core.permissions import Role
from bot.core.platform import ShownTo
from bot.features.admin import rules
from storage.communities import communities
from storage.communities.communities import Closure, Community
from storage.communities.role_mappings import RoleMap
from storage.learning import rounds
from storage.learning.rounds import Response
from storage.messaging import timers
from storage.operations import audit_log
from storage.people import people
from storage.privacy import retention
from tests.support.chat import START, Actor, Chat, words
from tests.support.community import actors, create_community

NEW_YORK = "America/New_York"


@pytest.fixture
def ada(chat: Chat) -> Actor:
    create_community(chat)
    return chat.person("Ada", manages=True, zone=NEW_YORK)


def notes(chat: Chat) -> list[str]:
    with Session(chat.engine) as session:
        return [
            f"{a.action} {a.detail}" for a in session.exec(select(audit_log.Audit).order_by(col(audit_log.Audit.id)))
        ]


def test_channel_is_bound_and_unbound(chat: Chat, ada: Actor) -> None:
    """A community can be in another channel too, and leave it."""
    assert "lives in #staff too now" in ada.types("channel bind <#staff>", root="admin")
    assert "lives in #staff already" in ada.types("channel bind <#staff|staff-room>", root="admin")
    assert "#general (Pretend)" in ada.types("channel show", root="admin")
    # Bound to nothing.
    ada.channel = "attic"
    assert "lives in #attic too now" in ada.types("channel bind", root="admin")
    assert "no longer lives in #attic" in ada.types("channel unbind", root="admin")
    assert notes(chat) == ["channel.bind pretend staff", "channel.bind pretend attic", "channel.unbind pretend attic"]


def test_admin_of_one_community_is_not_told_what_another_is_called(chat: Chat, ada: Actor) -> None:
    create_community(chat, [], name="Staff leaders", channel="staff")
    ada.types("role map admin <@mei>", root="admin")
    said = chat.person("Mei").types("channel bind <#staff>", root="admin")
    assert "belongs to another community" in said
    assert "Staff leaders" not in said


def test_channel_of_another_community_is_not_taken(chat: Chat, ada: Actor) -> None:
    create_community(chat, [], name="Staff leaders", channel="staff")
    assert "#staff belongs to Staff leaders" in ada.types("channel bind <#staff>", root="admin")
    ada.channel = "attic"
    assert "Which one do you mean?" in ada.types("channel bind", root="admin")
    assert "Staff leaders lives in #attic too now" in ada.presses("Staff leaders")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("stage", "#attic: This is a stage, where people listen. Pick a text channel."),
        ("thread", "#attic: This is a thread"),
        ("forum without tags", "needs a tag, and there’s none I can use"),
        ("missing", "I can’t see that channel"),
    ],
)
def test_channel_where_no_community_can_live_is_refused_at_once(chat: Chat, ada: Actor, kind: str, words: str) -> None:
    chat.app.channel_kind = lambda _platform, _space, channel: kind if channel == "attic" else "text"
    assert words in ada.types("channel bind <#attic>", root="admin")
    assert "attic" not in ada.types("channel show", root="admin")
    assert "lives in #staff too now" in ada.types("channel bind <#staff>", root="admin")


def test_forum_and_voice_channel_are_bound_with_what_is_different_there(chat: Chat, ada: Actor) -> None:
    chat.app.channel_kind = lambda _platform, _space, channel: channel
    assert "each of my cards becomes a post of its own" in ada.types("channel bind <#forum>", root="admin")
    assert "no threads" in ada.types("channel bind <#voice>", root="admin")


def test_group_message_cannot_hold_a_community(chat: Chat, ada: Actor) -> None:
    place = replace(ada.place(), channel="G9", channel_kind="group message")
    said = words(chat.app.handle(Command(place, ada.who, "channel bind", "admin")))
    assert "Make it a private channel" in said


def test_mapped_role_says_who_sees_its_commands_and_how_to_show_them(chat: Chat, ada: Actor) -> None:
    """On Discord, a facilitator without Manage Events would look for /cop-facilitate in vain."""
    shown = ShownTo("Manage Events", "/cop-facilitate", "Server Settings → Integrations → Commonplace")
    chat.app.shown_to = lambda _platform, role: shown if role == "facilitator" else None
    for whom in ("<@ben>", "<@&R7>"):
        said = ada.types(f"role map facilitator {whom}", root="admin")
        assert "Only people with Manage Events see /cop-facilitate" in said
        assert "open Server Settings → Integrations → Commonplace, choose /cop-facilitate" in said
    assert "see /cop" not in ada.types("role map member <@ben>", root="admin")


def test_channel_command_refuses_what_names_no_channel(ada: Actor) -> None:
    assert "“attic” is not a channel" in ada.types("channel bind attic", root="admin")
    assert "does not live in #attic" in ada.types("channel unbind <#attic>", root="admin")
    assert "This is a direct message" in ada.whispers("channel bind")
    assert "its last channel" in ada.types("channel unbind", root="admin")


def test_admin_commands_are_refused_to_others(chat: Chat, ada: Actor) -> None:
    [mei] = actors(chat, "Mei")
    for line in ("channel show", "role show", "closure list", "retention 3", "audit", "export md", "status"):
        assert "is for admins" in mei.types(line, root="admin")


def test_person_becomes_facilitator_and_member_again(chat: Chat, ada: Actor) -> None:
    assert "Mei is a facilitator here now" in ada.types("role map facilitator <@mei>", root="admin")
    assert "Mei: a facilitator" in ada.types("role show", root="admin")
    [mei] = actors(chat, "Mei")
    assert "For facilitators" in mei.types("help")
    assert "Mei is a member like any other" in ada.types("role map member <@!mei>", root="admin")
    assert "For facilitators" not in mei.types("help")


def test_platform_role_grants_a_role_and_takes_it_back(chat: Chat, ada: Actor) -> None:
    assert "platform role R7 is a facilitator" in ada.types("role map facilitator <@&R7>", root="admin")
    zed = chat.person("Zed", groups=("R7",))
    assert "For facilitators" in zed.types("help")
    assert "gives nothing here any more" in ada.types("role map member <@&R7>", root="admin")
    assert "For facilitators" not in zed.types("help")
    with Session(chat.engine) as session:
        assert session.exec(select(RoleMap)).all() == []


@pytest.mark.parametrize("line", ["role map boss <@mei>", "role map facilitator Mei", "role map facilitator"])
def test_role_line_is_refused_when_it_cannot_be_read(ada: Actor, line: str) -> None:
    assert "Like this: /cop-admin role map facilitator @Ben" in ada.types(line, root="admin")


def test_person_who_left_gets_no_role(chat: Chat, ada: Actor) -> None:
    [mei] = actors(chat, "Mei")
    mei.types("leave")
    mei.presses("Leave")
    assert "has left this community" in ada.types("role map admin <@mei>", root="admin")


def test_closures_are_added_listed_and_removed(chat: Chat, ada: Actor) -> None:
    said = ada.types("closure add Dec 24 to 26, Jan 2", root="admin")
    assert "Wed, Dec 24, 2025 to Fri, Dec 26, 2025" in said
    assert "Fri, Jan 2, 2026" in said
    assert "Fri, Jan 2, 2026" in ada.types("closure list", root="admin")
    assert "Ordinary days again:\n- Thu, Dec 25, 2025" in ada.types("closure remove Dec 25", root="admin")
    assert "Nothing was closed on" in ada.types("closure remove Dec 30", root="admin")
    with Session(chat.engine) as session:
        assert set(session.exec(select(col(Closure.day)))) == {date(2025, 12, 24), date(2025, 12, 26), date(2026, 1, 2)}


DISTRICT = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
SUMMARY:Winter break
DTSTART;VALUE=DATE:20251222
DTEND;VALUE=DATE:20251225
END:VEVENT
BEGIN:VEVENT
SUMMARY:Last year
DTSTART;VALUE=DATE:20241222
END:VEVENT
END:VCALENDAR
"""


# The same days in New York, as many programs export days off.
DISTRICT_IN_UTC = DISTRICT.replace(";VALUE=DATE:20251222", ":20251222T050000Z").replace(
    ";VALUE=DATE:20251225", ":20251225T050000Z"
)


@pytest.mark.parametrize(
    "pasted",
    [DISTRICT, DISTRICT_IN_UTC, "2025-12-22 to 2025-12-24  # winter break\n2024-12-22", "Dec 22 to Dec 23\nDec 24"],
)
def test_closures_are_read_from_a_pasted_list_or_calendar(chat: Chat, ada: Actor, pasted: str) -> None:
    ada.types("closure add", root="admin")
    said = ada.fills(days=pasted)
    assert "Mon, Dec 22, 2025 to Wed, Dec 24, 2025" in said
    with Session(chat.engine) as session:
        days = session.exec(select(col(Closure.day)).where(Closure.day < date(2026, 1, 1))).all()
        assert sorted(days) == [date(2025, 12, 22), date(2025, 12, 23), date(2025, 12, 24)]


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("2025-12-22\nsomeday", "someday"),
        (DISTRICT.replace("DTEND;VALUE=DATE:20251225", "RRULE:FREQ=DAILY"), "repeats without end"),
        (DISTRICT.replace("20251222", "2025"), "That calendar is broken"),
        ("2024-12-22", "All of these days have passed"),
        ("2025-12-24 to 2045-12-24", "longer than a year"),
    ],
)
def test_unreadable_list_or_calendar_adds_no_closure(chat: Chat, ada: Actor, pasted: str, why: str) -> None:
    ada.types("closure add", root="admin")
    assert why in ada.fills(days=pasted)
    with Session(chat.engine) as session:
        assert session.exec(select(Closure)).all() == []


def test_closures_plan_meetings_again(chat: Chat, ada: Actor) -> None:
    ada.types("closure add Dec 24", root="admin")
    chat.deliver_all()
    with Session(chat.engine) as session:
        # It ran, and runs again.
        assert [t for t in session.exec(select(timers.Timer)) if t.kind == "meetings.plan"]


def test_unreadable_days_are_refused(ada: Actor) -> None:
    assert 'do not understand "someday"' in ada.types("closure add someday", root="admin")
    assert "ends before it starts" in ada.types("closure add Dec 24 to Dec 20", root="admin")
    assert "December has no day 32" in ada.types("closure add Dec 32", root="admin")


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("Dec 24", ["2025-12-24"]),
        ("2025-12-24", ["2025-12-24"]),
        ("24 December and 26 December", ["2025-12-24", "2025-12-26"]),
        ("Dec 31 – Jan 2", ["2025-12-31", "2026-01-01", "2026-01-02"]),
        ("Sep 22", ["2025-09-22"]),  # today, which has begun
    ],
)
def test_days_are_read_as_people_write_them(typed: str, days: list[str]) -> None:
    assert [d.isoformat() for d in rules.read_days(typed, zone=NEW_YORK, now=START)] == days


def answered(chat: Chat, at: datetime, body: str) -> None:
    with Session(chat.engine) as session, session.begin():
        [community] = session.exec(select(Community)).all()
        row = rounds.open_round(session, community.id or 0, rounds.CHECKIN, "How?", now=at, closes_at=at)
        who = people.account(session, chat.name, "mei")
        assert who
        rounds.save_answer(session, row.id or 0, who.person_id, None, body=body, audience="group", now=at)


def bodies(chat: Chat) -> list[str]:
    with Session(chat.engine) as session:
        return list(session.exec(select(Response.body).order_by(Response.body)))


def test_answers_are_kept_for_the_retention_that_was_set(chat: Chat, ada: Actor) -> None:
    answered(chat, START - timedelta(days=200), "old")
    answered(chat, START - timedelta(days=10), "new")
    assert "12 months after" in ada.types("retention", root="admin")
    assert "deletes one that is older" in ada.types("retention 6", root="admin")
    assert bodies(chat) == ["new", "old"]
    assert "answers are deleted 6 months" in ada.presses("Keep them 6 months")
    with Session(chat.engine) as session, session.begin():
        assert retention.expire(session, communities.every(session)[0], START) == 1
    assert bodies(chat) == ["new"]


def test_retention_counts_from_the_end_of_the_season(chat: Chat, ada: Actor) -> None:
    with Session(chat.engine) as session, session.begin():
        [community] = session.exec(select(Community)).all()
        communities.add_season(session, community.id or 0, "2024–25", date(2024, 10, 1), date(2025, 6, 30))
        community.retention_months = 6
    answered(chat, datetime(2024, 9, 10, tzinfo=UTC), "before")
    answered(chat, datetime(2024, 10, 20, tzinfo=UTC), "in it")
    with Session(chat.engine) as session, session.begin():
        retention.expire(session, communities.every(session)[0], START)
    # It is more than six months old, but not six months past the end of its season.
    assert bodies(chat) == ["in it"]
    with Session(chat.engine) as session, session.begin():
        retention.expire(session, communities.every(session)[0], datetime(2026, 1, 2, tzinfo=UTC))
    assert bodies(chat) == []


@pytest.mark.parametrize("typed", ["0", "61", "-1", "a year", "1.5", "٣", "9" * 50])
def test_impossible_retention_is_refused(ada: Actor, typed: str) -> None:
    assert "not a number of months from 1 to 60" in ada.types(f"retention {typed}", root="admin")


def test_admin_role_works_without_managing_the_space(chat: Chat, ada: Actor) -> None:
    ada.types("role map admin <@olu>", root="admin")
    [olu] = actors(chat, "Olu")
    assert "#general" in olu.types("channel show", root="admin")
    with Session(chat.engine) as session:
        who = people.account(session, chat.name, "olu")
        assert who
        [community] = session.exec(select(Community)).all()
        row = people.membership(session, community.id or 0, who.person_id)
        assert row
        assert row.role == Role.ADMIN
