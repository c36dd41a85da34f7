"""The list of what admins and facilitators did, told by Ada, who manages the workspace, and Ben, who facilitates."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

import bot
from bot.core.router import Router
from bot.features import ALL
from storage.operations import audit_log
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

NEW_YORK = "America/New_York"
BOT = Path(bot.__file__).parent
# The second records what belongs to no community, which no list shows. The third records, at a terminal, what admins
# can do in chat too.
DIRECTLY = ("context.py", "purge.py", "closures.py")


@pytest.fixture
def ada(chat: Chat) -> Actor:
    create_community(chat)
    return chat.person("Ada", manages=True, zone=NEW_YORK)


def audited() -> Iterator[str]:
    """Return every action the code records, with `ctx.audit`, or with `audit_log.record` where there is no context."""
    for page in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name("audit_log"), attr="record")):
                    assert page.name in DIRECTLY, f"{page}:{node.lineno} records what no test can look up"
                case ast.Call(func=ast.Attribute(value=ast.Name("feature" | "audit_log_views"), attr="audit")):
                    continue
                case ast.Call(func=ast.Attribute(attr="audit"), args=[action, *_detail]):
                    assert isinstance(action, ast.Constant), f"{page}:{node.lineno} records what no test can look up"
                    yield str(action.value)


def test_every_audited_action_is_declared_and_used() -> None:
    assert set(audited()) == set(Router(ALL).audited)


def test_terminal_notes_what_a_feature_declares() -> None:
    """Days closed at a terminal are in the list that admins read in chat. A purge is of no community, so in no list."""
    for page, action in (("closures.py", "closure.add"), ("purge.py", "space.purge")):
        assert f'"{action}"' in (BOT / "cli" / page).read_text(encoding="utf-8")
        assert (action in Router(ALL).audited) == (page == "closures.py")


def test_action_is_declared_by_one_feature() -> None:
    assert sum(len(feature.audited) for feature in ALL) == len(Router(ALL).audited)


def test_audit_log_lists_actions_and_no_answers(chat: Chat, ada: Actor) -> None:
    assert "Nothing has been done yet" in ada.types("audit", root="admin")
    ada.types("channel bind <#staff>", root="admin")
    assert "- 2025-09-22 13:00 UTC: Ada let the community live in a channel (#staff)" in ada.types(
        "audit", root="admin"
    )


def test_audit_entries_read_as_sentences(chat: Chat, ada: Actor) -> None:
    [ben] = actors(chat, "Ben")
    ada.types("cadence set second Wednesday of each month, 4pm", root="admin")
    ada.presses("Save")
    ada.types("closure add Dec 24 to Jan 2", root="admin")
    ada.types("role map facilitator <@mei>", root="admin")
    ada.types("role map admin <@&leads>", root="admin")
    ada.types("retention 24", root="admin")
    ada.types("export md", root="admin")
    ben.types("checkin open How was the week?")
    ben.types("meeting move 15 Oct 4pm")
    ben.types("meeting cancel")
    ben.fills(note="Snow")
    ben.presses("Cancel the meeting")
    said = ada.types("audit", root="admin")
    for line in (
        "Ada changed when the community meets (second Wednesday of each month, 4:00 PM, New York time)",
        "Ada closed days (Wed, Dec 24, 2025 to Fri, Jan 2, 2026)",
        "Ada gave or took a role (Mei: a facilitator)",
        "Ada gave or took a role (platform role leads of Pretend: an admin)",
        "Ada changed how long answers are kept (24 months)",
        "Ada made a copy of everything (md)",
        "Ben opened a check-in (asked on 2025-09-22 13:00 UTC)",
        "Ben moved a meeting (from 2025-10-08 20:00 UTC to 2025-10-15 20:00 UTC)",
        "Ben cancelled a meeting (the one on 2025-10-15 20:00 UTC)",
    ):
        assert line in said
    assert "Snow" not in said


def test_detail_is_left_out_when_its_subject_is_gone(chat: Chat, ada: Actor) -> None:
    with Session(chat.engine) as session, session.begin():
        for action, detail in (
            ("meetings.cancel", "meeting 99"),
            ("meetings.cancel", "meeting x"),
            ("resources.remove", "resource 99"),
            ("rounds.close", "round 99"),
            ("role.map", "facilitator person 99"),
            ("prompts.queue", "noticing-first-minutes"),
        ):
            audit_log.record(session, 1, None, action, detail, chat.clock.now())
    lines = [line for line in ada.types("audit", root="admin").splitlines() if line.startswith("- ")]
    assert len(lines) == 6
    assert not [line for line in lines if "(" in line]
