"""What a platform refuses: a card that a moderator deleted, and the bot's own token."""

import pytest
from aiohttp import ClientSession

from tests.conformance import story
from tests.conformance.conftest import Run
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import Room, card_with, have_no_quiet_hours, until
from tests.conformance.slack_people import SlackRoom

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
QUESTION = "What did you notice?"
ANSWER = "Silent starts"


async def outlives_its_card(room: Room) -> None:
    """A card is deleted, two people answer all the same, and the summary comes in the channel, once."""
    await story.begins(room)
    await story.is_joined(room)
    await have_no_quiet_hours(room.ada)
    await room.ada.types(f"checkin open {QUESTION}", "facilitate")
    controls = room.ada.sees
    await room.deletes(await card_with(room, QUESTION))
    for person in (room.alice, room.bob):
        await person.types("answer")
        await person.fills(body=f"{ANSWER}, says {person.name}")
    await room.ada.presses("Close it now", controls)
    summary = await card_with(room, f"{ANSWER}, says Alice")
    assert "Summary" in summary.words
    cards = [card.words for card in await room.cards()]
    assert len([words for words in cards if "Summary" in words]) == 1
    assert not [words for words in cards if QUESTION in words and "Summary" not in words]
    assert not [told for told in await room.ada.received() if "I cannot post" in told.words]


async def test_summary_of_a_deleted_card_comes_in_the_channel_on_slack(slack: SlackRoom, run: Run) -> None:
    bot = await run(slack)
    await outlives_its_card(slack)
    refused = [c for c in slack.peer.sent("chat.update") if c["reply"].get("error") == "message_not_found"]
    assert len(refused) == 1, "asked once, it isn't asked again"
    await bot.stop()
    assert bot.trouble == []
    assert slack.complaints() == []


async def test_summary_of_a_deleted_card_comes_in_the_channel_on_discord(discord: DiscordRoom, run: Run) -> None:
    bot = await run(discord)
    await outlives_its_card(discord)
    await bot.stop()
    assert bot.trouble == []
    assert discord.complaints() == []


async def test_messages_wait_until_slack_accepts_the_token_again(slack: SlackRoom, run: Run) -> None:
    """Whoever watches the bot sees it, admins too, and nothing is lost."""
    bot = await run(slack)
    await story.begins(slack)
    refusal = {"status": 200, "body": {"ok": False, "error": "token_expired"}}
    # Refused until the test says so, however long everything takes here.
    slack.peer.fault("auth.test", times=1_000_000, **refusal)
    slack.peer.fault("chat.postMessage", times=1, **refusal)
    await slack.ada.types(f"checkin open {QUESTION}", "facilitate")
    port = await bot.listening()

    async def readiness() -> int:
        async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/readyz") as answer:
            return answer.status

    async def unready() -> bool:
        return await readiness() == 503

    await until(unready, "it saying that it isn't ready")
    await slack.ada.types("status", "admin")
    assert "slack does NOT" in slack.ada.sees.words
    slack.peer.fault("auth.test", times=0, **refusal)
    await card_with(slack, QUESTION)

    async def ready() -> bool:
        return await readiness() == 200

    await until(ready, "it being ready again")
    tries = [c for c in slack.peer.sent("chat.postMessage") if QUESTION in c["args"]["text"]]
    assert [c["reply"].get("error") for c in tries if not c["reply"].get("ok")] == ["token_expired"]
    assert [line["event"] for line in bot.trouble if isinstance(line, dict)] == [
        "the platform does not accept the bot’s token"
    ]
    await bot.stop()
