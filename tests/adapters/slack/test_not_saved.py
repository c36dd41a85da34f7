"""What the bot could not save stays in the open form, or comes back word for word."""

from typing import Any

import pytest

from bot.core.events import Submission
from bot.core.unsaved import given_back
from bot.ui import NotSaved, card
from tests.adapters.slack.conftest import Connect, Peer
from tests.adapters.slack.pretend import ANSWER, MODES, Pretend, no_findings

WORDS = "We began in *silence*.\n\n  <!channel> `slept`  \n" * 60
LOST = NotSaved("Something broke.", (card("Something broke."), *given_back((WORDS,))))


def quoted(blocks: list[Any]) -> str:
    """Return what rich text quotes, character by character."""
    quotes = [e for block in blocks if block["type"] == "rich_text" for e in block["elements"]]
    return "".join(e["elements"][0]["text"] for e in quotes if e["type"] == "rich_text_quote")


@MODES
@pytest.mark.usefixtures("patience")
async def test_form_stays_open_with_the_error_at_its_first_field(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    app.says = lambda event: LOST if isinstance(event, Submission) else ANSWER
    async with connect(mode):
        await peer.alice.slash("/cop", "answer", "general")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        refused = await peer.alice.submit(opened["reply"]["view"], {"body": "x"})
    assert refused["body"] == {"response_action": "errors", "errors": {"body": "Something broke."}}


async def test_form_that_closed_is_given_back_word_for_word(peer: Peer, app: Pretend, connect: Connect) -> None:
    app.says = lambda event: LOST if isinstance(event, Submission) else ANSWER
    async with connect():
        await peer.alice.slash("/cop", "answer", "general")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        app.may_go_on.clear()
        result = await peer.alice.submit(opened["reply"]["view"], {"body": "x"})
        assert not result["body"]
        app.may_go_on.set()
        said = await peer.until(
            lambda: calls if len(calls := peer.sent("chat.postEphemeral")) == len(LOST.messages) else None
        )
    assert "".join(quoted(call["args"]["blocks"]) for call in said) == WORDS
    no_findings(peer)


async def test_command_is_given_back_where_it_was_typed(peer: Peer, app: Pretend, connect: Connect) -> None:
    app.says = lambda event: LOST
    async with connect():
        await peer.alice.slash("/cop", "topic x", "general")
        await peer.until(lambda: len(peer.responses) == len(LOST.messages))
    assert "".join(quoted(response["body"]["blocks"]) for response in peer.responses) == WORDS


async def test_fields_that_a_person_writes_in_are_told_from_choices(peer: Peer, app: Pretend, connect: Connect) -> None:
    app.says = lambda event: card("Thank you.") if isinstance(event, Submission) else ANSWER
    async with connect():
        await peer.alice.slash("/cop", "answer", "general")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        await peer.alice.submit(opened["reply"]["view"], {"body": "x", "seen": "all", "topics": ["play"]})
    sent = app.events[-1]
    assert isinstance(sent, Submission)
    assert sent.written == ("body",)
