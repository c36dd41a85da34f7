"""Many people submit a form at the same moment: what Slack was told is in our hands survives whatever comes then."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from storage import database
from storage.learning.reflections import Reflection
from storage.operations.accepted_events import AcceptedEvent
from tests.conformance import story
from tests.conformance.conftest import Run
from tests.conformance.people import until
from tests.conformance.slack_people import CHANNEL, ROOT, SlackRoom

pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.kills]
MANY, ENOUGH = 60, 25


async def open_form(slack: SlackRoom) -> dict[str, Any]:
    """Return what Slack sends when Alice submits the form that saves a reflection."""
    before = len(slack.peer.sent("views.open"))
    await slack.alice.human.slash(ROOT[""], "reflect", CHANNEL)
    [opened] = await slack.peer.until(lambda: slack.peer.sent("views.open")[before:])
    await slack.alice.human.submit(opened["reply"]["view"], {"body": "from Alice"})
    sent: dict[str, Any] = slack.peer.deliveries[-1]["payload"]
    return sent


def of_person(form: dict[str, Any], number: int) -> dict[str, Any]:
    values = form["view"]["state"]["values"]
    body = {"body": {"body": {**values["body"]["body"], "value": f"from {number}"}}}
    view = {**form["view"], "state": {"values": {**values, **body}}}
    return {**form, "view": view, "user": {**form["user"], "id": f"UCROWD{number:04}"}}


def reflected(url: str) -> list[str]:
    engine = database.connect(url)
    try:
        with Session(database.for_reading(engine)) as session:
            return [row.body for row in session.exec(select(Reflection))]
    finally:
        engine.dispose()


def have_it_left_long_ago(url: str) -> None:
    """On PostgreSQL, what was acknowledged a moment ago may be in another process's hands."""
    engine = database.connect(url)
    with Session(engine) as session, session.begin():
        for row in session.exec(select(AcceptedEvent)):
            row.at -= timedelta(hours=1)
    engine.dispose()


async def test_form_that_was_acknowledged_survives_a_kill(slack: SlackRoom, run: Run, fresh_database: str) -> None:
    bot = await run(slack)
    await story.begins(slack)
    form = await open_form(slack)
    acknowledged: set[str] = set()
    enough = asyncio.Event()

    async def submit(number: int) -> None:
        if (await slack.peer.send(of_person(form, number), keep=True))["ok"]:
            acknowledged.add(f"from {number}")
        if len(acknowledged) >= ENOUGH:
            enough.set()

    submitting = [asyncio.create_task(submit(number)) for number in range(MANY)]
    await enough.wait()
    await bot.kill()
    await asyncio.gather(*submitting)
    have_it_left_long_ago(fresh_database)
    again = await run(slack)

    async def all_saved() -> bool:
        return acknowledged <= set(reflected(fresh_database))

    await until(all_saved, "everything that was acknowledged")
    saved = reflected(fresh_database)
    assert len(saved) == len(set(saved))
    await again.stop()
    assert again.trouble == []
