"""Meetings among a Discord server's own events, created with the real library under the peer's rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.platform import InCalendar
from bot.ui import CalendarEvent, Message, Text
from tests.adapters.discord.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")
START = (datetime.now(UTC) + timedelta(days=20)).replace(microsecond=0)
MEETING = Message(
    (Text("A meeting of Youth workers.\n@everyone [x](https://evil.example)"),),
    title="Youth workers",
    calendar_event=CalendarEvent(START, START + timedelta(minutes=90), "Library, room 2"),
)


async def test_scheduled_event_is_made_changed_and_deleted(scene: Scene) -> None:
    outcome, receipt = await scene.deliver(MEETING, InCalendar())
    assert outcome == "delivered"
    [made] = scene.requests("POST", "/scheduled-events")
    assert made["json"]["name"] == "Youth workers"
    assert made["json"]["entity_metadata"] == {"location": "Library, room 2"}
    assert datetime.fromisoformat(made["json"]["scheduled_start_time"]) == START
    assert datetime.fromisoformat(made["json"]["scheduled_end_time"]) == START + timedelta(minutes=90)
    later = replace(
        MEETING, calendar_event=CalendarEvent(START + timedelta(days=7), START + timedelta(days=7, hours=1), "Zoom")
    )
    assert await scene.deliver(later, InCalendar(), "r2", replaces=receipt) == ("delivered", receipt)
    [changed] = scene.requests("PATCH", f"/scheduled-events/{receipt}")
    assert datetime.fromisoformat(changed["json"]["scheduled_start_time"]) == START + timedelta(days=7)
    gone = replace(MEETING, calendar_event=None)
    # The receipt is empty, so that an event is made for a meeting that comes back.
    assert await scene.deliver(gone, InCalendar(), "r3", replaces=receipt) == ("delivered", "")
    assert len(scene.requests("DELETE", f"/scheduled-events/{receipt}")) == 1


async def test_deleted_scheduled_event_is_not_made_again(scene: Scene) -> None:
    assert await scene.deliver(MEETING, InCalendar(), "r1", replaces="4242") == ("gone", "MessageGone")
    assert scene.requests("POST", "/scheduled-events") == []


async def test_long_texts_are_cut_to_discords_limits(scene: Scene) -> None:
    long = replace(
        MEETING,
        parts=(Text("w" * 2_500),),
        title="t" * 100,
        calendar_event=CalendarEvent(START, START + timedelta(hours=1), "p" * 300),
    )
    assert (await scene.deliver(long, InCalendar()))[0] == "delivered"
    [made] = scene.requests("POST", "/scheduled-events")
    assert len(made["json"]["description"]) == 1_000
    assert len(made["json"]["entity_metadata"]["location"]) == 100
