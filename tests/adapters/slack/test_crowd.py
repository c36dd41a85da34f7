"""Many at once: each is acknowledged, whatever waits behind it, and the outcome follows.

Nothing here depends on how quick the machine is: all workers are busy until the test lets them go on, and a form waits
for its outcome for longer than any test.
"""

import asyncio
from typing import Any

import pytest

from adapters.slack import handlers
from bot.core.acceptance import Acceptance
from bot.core.events import Command, Submission
from bot.core.platform import InChannel
from bot.core.workers import CROWD
from bot.ui import FormErrors, NotSaved, card
from tests.adapters.slack.conftest import Connect, Peer
from tests.adapters.slack.pretend import ANSWER, MODES, Pretend, delivery

pytestmark = pytest.mark.usefixtures("patience")
MANY = 200


async def fill_workers(peer: Peer, app: Pretend) -> None:
    """Let commands wait for the bot's core until nothing more is handled before the test says so."""
    app.may_go_on.clear()
    for _each in range(CROWD):
        assert (await peer.alice.slash("/cop", "home", "general"))["ok"]
    await peer.until(lambda: app.workers.crowded)


def submissions(app: Pretend) -> list[Submission]:
    return [event for event in app.events if isinstance(event, Submission)]


@MODES
async def test_everything_is_acknowledged_while_all_workers_are_busy(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    app.says = lambda event: ANSWER
    async with connect(mode) as slack:
        await slack.deliver(delivery(InChannel(peer.channels["general"])))
        [posted] = [call["reply"] for call in peer.sent("chat.postMessage")]
        await peer.alice.slash("/cop", "answer", "general")
        view = (await peer.until(lambda: peer.sent("views.open")))[0]["reply"]["view"]
        app.says = lambda event: card("Thank you.")
        await fill_workers(peer, app)
        doing = [
            *(peer.alice.submit(view, {"body": f"{n}"}) for n in range(MANY)),
            *(peer.bob.click(posted, "rounds.answer|12:3") for _each in range(MANY)),
            *(peer.bob.slash("/cop", "help", "general") for _each in range(MANY)),
        ]
        results = await asyncio.gather(*doing)
        assert [result for result in results if not result["ok"] or result["body"]] == []
        assert len(app.events) < CROWD
        app.may_go_on.set()
        await peer.until(lambda: len(submissions(app)) == MANY)
    assert {event.answers["body"] for event in submissions(app)} == {f"{n}" for n in range(MANY)}


async def test_form_among_many_is_corrected_from_a_button(peer: Peer, app: Pretend, connect: Connect) -> None:
    """Its fields can't be marked any more, so what is wrong follows in an answer."""
    app.says = lambda event: ANSWER
    async with connect():
        await peer.alice.slash("/cop", "answer", "general")
        view = (await peer.until(lambda: peer.sent("views.open")))[0]["reply"]["view"]
        app.says = lambda event: (
            FormErrors(ANSWER, {"body": "Please write more."}, "7") if isinstance(event, Submission) else card("Here.")
        )
        await fill_workers(peer, app)
        result = await peer.alice.submit(view, {"body": "x"})
        assert result["ok"]
        assert not result["body"]
        app.may_go_on.set()
        [said] = await peer.until(lambda: peer.sent("chat.postEphemeral"))
    assert "Please write more." in said["args"]["text"]
    assert said["args"]["blocks"][-1]["elements"][0]["action_id"] == "forms.reopen|7"


async def test_foreign_command_among_many_is_answered_with_the_remedy(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    async with connect():
        await fill_workers(peer, app)
        result: Any = await peer.alice.slash("/other", "x")
        app.may_go_on.set()
    assert "cop manifest slack" in result["body"]["text"]


async def test_check_of_the_address_among_many_gets_its_challenge(peer: Peer, app: Pretend, connect: Connect) -> None:
    async with connect("http"):
        await fill_workers(peer, app)
        result: Any = await peer.send({"type": "url_verification", "challenge": "3eZbrw1aB"})
        app.may_go_on.set()
    assert result["body"] == {"challenge": "3eZbrw1aB"}


async def test_form_is_saved_before_it_is_acknowledged_first(peer: Peer, app: Pretend, connect: Connect) -> None:
    app.says = lambda event: ANSWER
    async with connect():
        await peer.alice.slash("/cop", "answer", "general")
        view = (await peer.until(lambda: peer.sent("views.open")))[0]["reply"]["view"]
        app.says = lambda event: card("Thank you.")
        await fill_workers(peer, app)
        await asyncio.gather(*(peer.alice.submit(view, {"body": f"{n}"}) for n in range(20)))
        saved = [event.answers["body"] for event in app.accepted_first if isinstance(event, Submission)]
        app.may_go_on.set()
    assert sorted(saved, key=int) == [f"{n}" for n in range(20)]


async def test_form_that_cannot_be_saved_stays_open_until_its_outcome_is_known(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    refused: list[object] = []

    def refuse(events: object) -> None:
        refused.append(events)
        raise OSError("no space left on device")

    app.says = lambda event: ANSWER
    async with connect():
        await peer.alice.slash("/cop", "answer", "general")
        view = (await peer.until(lambda: peer.sent("views.open")))[0]["reply"]["view"]
        app.acceptance = Acceptance(refuse)
        app.says = lambda event: NotSaved("Something broke.", (card("Something broke."),))
        await fill_workers(peer, app)
        submitting = asyncio.create_task(peer.alice.submit(view, {"body": "x"}))
        await peer.until(lambda: refused)
        app.may_go_on.set()
        result = await submitting
    assert result["body"] == {"response_action": "errors", "errors": {"body": "Something broke."}}


async def test_command_in_hand_is_saved_when_the_bot_stops(
    peer: Peer, app: Pretend, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "SHUTDOWN_GRACE", 0.0)
    async with connect():
        app.may_go_on.clear()
        await peer.alice.slash("/cop", "topic A quieter corner", "general")
        await peer.until(lambda: app.events)
    assert [event.line for event in app.accepted_first if isinstance(event, Command)] == ["topic A quieter corner"]
    app.may_go_on.set()
