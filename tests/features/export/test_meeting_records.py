"""A community's records contain what its meetings left, and one's own records contain one's own part of it."""

import json
from datetime import timedelta

import pytest
from sqlmodel import Session

from storage.agenda import topics
from storage.meetings import attendance, meetings, notes, preparations
from storage.meetings.feedback import FollowUp
from storage.people import people
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

OPEN = (
    "Quiet arrivals",
    "We keep the quiet corner",
    "Bring chairs",
    "2 there",
    "More breaks",
    "We added one",
    "By the door",
)
FOR_FACILITATORS = ("Mei has asked twice", "not shared yet", "I read the notes")


@pytest.fixture
def held(chat: Chat) -> Chat:
    """A community after two meetings. The notes of one are shared; Mei and Ana were there, and Olu caught up."""
    id, now = create_community(chat), chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        first, second = (
            meetings.add(session, id, title="Monthly circle", starts_at=now - timedelta(days=days), minutes=60)
            for days in (40, 10)
        )
        who = {name: people.account(session, chat.name, name) for name in ("mei", "ana", "olu")}
        ids = {name: account.person_id for name, account in who.items() if account}
        topic = topics.add(session, id, ids["mei"], topics.TOPIC, "Quiet arrivals", now)
        topics.choose(session, meetings.key(first), [topic])
        topics.write_note(session, topic, None, "Mei has asked twice", now)
        notes.write(session, first, ids["mei"], now, decisions="We keep the quiet corner").shared_at = now
        notes.write(session, second, ids["mei"], now, decisions="not shared yet")
        preparations.write(session, first, {"venue": "By the door"})
        preparations.add_task(session, first, "Bring chairs", ids["ana"])
        for name in ("mei", "ana"):
            attendance.put(session, meetings.key(first), ids[name], attendance.THERE, now)
        attendance.put(session, meetings.key(first), ids["olu"], attendance.MADE_UP, now, "I read the notes")
        session.add(
            FollowUp(community_id=id, meeting_id=meetings.key(first), said="More breaks", did="We added one", at=now)
        )
    return chat


def admin(chat: Chat) -> Actor:
    ada = chat.person("Ada", manages=True)
    ada.types("role map admin <@ada>", root="admin")
    return ada


def file(actor: Actor) -> str:
    attachment = actor.direct()[-1].message.attachment
    assert attachment
    return attachment.body


@pytest.mark.parametrize("form", ["csv", "json", "md"])
def test_export_for_an_admin_holds_public_meeting_records(held: Chat, form: str) -> None:
    ada = admin(held)
    assert "topics, notes and tasks" in ada.types(f"export {form}", root="admin")
    body = file(ada)
    assert [words for words in OPEN if words not in body] == []
    assert [words for words in FOR_FACILITATORS if words in body] == []


def test_attendance_is_named_to_facilitators_only(held: Chat) -> None:
    ada = admin(held)
    ada.types("export json", root="admin")
    records = json.loads(file(ada))["records"]
    assert [(r["who"], r["text"]) for r in records if r["what"] == "attendance"] == [("", "2 there")]
    assert [r["who"] for r in records if r["what"] == "topic"] == [""]

    ada.types("role map admin <@ben>", root="admin")
    [ben] = actors(held, "Ben")
    ben.types("export json", root="admin")
    body = file(ben)
    assert [words for words in (*OPEN, *FOR_FACILITATORS) if words not in body] == []
    named = [(r["who"], r["text"]) for r in json.loads(body)["records"] if r["what"] == "attendance" and r["who"]]
    assert named == [("Mei", "there"), ("Ana", "there"), ("Olu", "made up for it\nI read the notes")]


def test_export_for_a_space_manager_holds_no_meeting_records(held: Chat) -> None:
    pat = held.person("Pat", manages=True)
    pat.types("export md", root="admin")
    assert [words for words in (*OPEN, *FOR_FACILITATORS) if words in file(pat)] == []


def test_markdown_export_has_a_heading_for_each_kind(held: Chat) -> None:
    ada = admin(held)
    ada.types("export md", root="admin")
    headings = [line for line in file(ada).splitlines() if line.startswith("## ")]
    assert headings == [
        f"## {each}"
        for each in (
            "Members",
            "Meetings",
            "Preparations",
            "Tasks",
            "Topics",
            "Notes",
            "Attendance",
            "You said, we did",
        )
    ]


def test_personal_download_holds_the_members_own_record(held: Chat) -> None:
    olu, mei = actors(held, "Olu", "Mei")
    assert "Monthly circle: made up for" in olu.types("my attendance")
    olu.types("data download")
    mei.types("data download")
    own = {p.message.attachment.name[-5:]: p.message.attachment.body for p in olu.direct() if p.message.attachment}
    [row] = json.loads(own[".json"])["meetings you were at"]
    assert (row["how"], row["answer"]) == ("made up", "I read the notes")
    assert "Monthly circle" in json.dumps(row)
    assert "Meetings you were at (1)" in next(body for name, body in own.items() if name != ".json")
    mine = [p.message.attachment.body for p in mei.direct() if p.message.attachment]
    assert all("I read the notes" not in body for body in mine)
