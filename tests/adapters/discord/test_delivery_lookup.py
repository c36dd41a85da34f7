"""Looking up uncertain deliveries: Discord is asked before a message is sent again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.core.platform import Delivery, DirectMessage, InChannel, InThread, UncertainDelivery
from bot.ui import Button, Message, Quote, Text, card
from tests.adapters.discord.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")
UNCERTAIN = TypeAdapter(UncertainDelivery)
CARD = Message(
    title="What *surprised* you?",
    parts=(Text("**Closes** soon"), Quote("Silent starts\n*really*")),
    actions=(Button("Answer", "demo.form"),),
)


async def asked(scene: Scene, message: Message, to: Any, ref: str = "r1", **ago: float) -> Any:
    before = len(scene.bot.values("found"))
    since = datetime.now(UTC) - timedelta(**(ago or {"minutes": 1}))
    uncertain = UncertainDelivery(Delivery(str(scene.guild.id), to, message, ref), since)
    assert scene.bot.process.stdin
    scene.bot.process.stdin.write(UNCERTAIN.dump_json(uncertain) + b"\n")
    await scene.until(lambda: len(scene.bot.values("found")) > before)
    return scene.bot.values("found")[-1]


async def test_arrived_message_is_found_by_its_words(scene: Scene) -> None:
    """A message that didn't arrive isn't found."""
    there = InChannel(str(scene.channel.id))
    assert await asked(scene, CARD, there) is None
    _how, receipt = await scene.deliver(CARD, there)
    await scene.deliver(card("Something else"), there, ref="r2")
    assert await asked(scene, CARD, there) == receipt
    assert await asked(scene, card("Never said"), there, ref="r3") is None
    assert len(scene.posted()) == 2, "asking posts nothing"


async def test_arrived_message_is_found_in_threads_and_direct_messages(scene: Scene) -> None:
    _how, above = await scene.deliver(CARD, InChannel(str(scene.channel.id)))
    _how, below = await scene.deliver(card("Ben answered"), InThread(above), ref="r2")
    assert await asked(scene, card("Ben answered"), InThread(above), ref="r2") == below
    _how, private = await scene.deliver(card("Just you"), DirectMessage(str(scene.ben.id)), ref="r3", space="")
    assert await asked(scene, card("Just you"), DirectMessage(str(scene.ben.id)), ref="r3") == private


async def test_message_of_a_person_is_never_taken_for_the_bots(scene: Scene) -> None:
    await scene.alice.send(scene.channel, "Never said")
    assert await asked(scene, card("Never said"), InChannel(str(scene.channel.id))) is None
