"""What goes wrong on Slack and Discord themselves: somebody deletes cards, and the bot's token is refused for a while.

The bot runs on the real adapters, and on their other side stand the peers of the conformance tests.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from aiohttp import ClientError
from sqlmodel import Session, select

from storage import database as storage_database
from storage.communities import communities
from storage.messaging.outbox import Outgoing
from storage.people import people
from tests.adapters.slack.conftest import node_modules
from tests.chaos.cluster import LeftOut
from tests.chaos.sink import Sink
from tests.chaos.trial import Result, Scenario, Trial
from tests.conformance.discord_people import DiscordRoom, discord_room
from tests.conformance.people import Shown, until
from tests.conformance.slack_people import SlackRoom, slack_room

SHARED = Path(__file__).resolve().parents[3] / "shared"
PLATFORMS = ("slack", "discord")
Room = SlackRoom | DiscordRoom
CARDS = 9
WAVES = 6
GAP_S = 0.1
# How long the token has been refused when it is accepted again.
REFUSED_S = 1.0
EVER = 10**9


@dataclass
class PeerTrial(Trial):
    """A trial of the bot in a room, with Ada, Alice and Bob. Nothing reaches its sink."""

    room: Room = field(kw_only=True)

    def create_community(self) -> int:
        self.people = (self.room.ada, self.room.alice, self.room.bob)
        channel = self.room.channel if isinstance(self.room, SlackRoom) else str(self.room.channel.id)
        platform, space, now = self.room.platform, self.room.space, self.now()
        with Session(self.engine) as session, session.begin():
            made = communities.add(
                session, name="Youth workers", purpose="", zone="America/New_York", locale="en", now=now
            )
            id = made.id or 0
            communities.bind(session, id, platform, space, channel)
            for person in self.people:
                external = f"{space}-{person.id}" if platform == "slack" else person.id
                row = people.get_or_create(
                    session, platform=platform, space=space, external=external, name=person.name, now=now
                )
                # Whatever they are told comes at once, because the clock is the real one.
                row.quiet_from = row.quiet_to = 0
                membership = people.enrol(session, id, people.key(row))
                membership.joined_at, membership.nudges = now, True
                membership.role = 2 if person is self.room.ada else membership.role
        return id

    def check(self, count: int, words: str, where: Sequence[Shown]) -> None:
        """Reckon with messages that say just `words`: there should be `count`."""
        found = sum(shown.words.strip() == words for shown in where)
        self.result.expected += count
        self.result.lost += max(0, count - found)
        self.result.repeated += max(0, found - count)

    def check_order(self, where: Sequence[Shown], ending: str = "") -> None:
        """Reckon with the order of the waves in one place."""
        said = [shown.words.strip() for shown in where]
        numbers = [int(w.split()[1].strip(",")) for w in said if w.startswith("Wave ") and w.endswith(ending)]
        self.result.out_of_order += sum(a > b for a, b in pairwise(numbers))


@asynccontextmanager
async def peer_trial(folder: Path, url: str, scenario: str, platform: str) -> AsyncIterator[PeerTrial]:
    began = time.monotonic()
    async with _room(platform) as room:
        folder.mkdir(parents=True, exist_ok=True)
        result = Result(scenario, storage_database.connect(url).dialect.name)
        it = PeerTrial(folder, url, Sink(suppresses=False), True, result, settings=room.environment(), room=room)
        try:
            yield it
            await it.drained()
            for complaint in room.complaints():
                result.wrong.append(f"{platform} complains: {complaint}")
        finally:
            await it.kill_all()
            it.engine.dispose()
            result.took_s = round(time.monotonic() - began, 1)


@asynccontextmanager
async def _room(platform: str) -> AsyncIterator[Room]:
    if not (SHARED / "peers").exists():
        raise LeftOut("The peers of the conformance tests are not on this machine (../shared).")
    if platform == "slack" and not (node_modules() / "emulate").exists():
        raise LeftOut("The Slack peer’s node modules are not on this machine, as .ci/run installs them.")
    if str(SHARED) not in sys.path:
        sys.path.append(str(SHARED))
    async with slack_room(str(node_modules())) if platform == "slack" else discord_room() as room:
        yield room


def deleted_cards(platform: str) -> Scenario:
    """Delete some cards, then let the bot rewrite all of them and post something under each."""
    name = f"deleted cards, {platform}"

    async def story(folder: Path, url: str, _kills: int) -> Result:
        async with peer_trial(folder, url, name, platform) as it:
            it.plan("card", range(CARDS), GAP_S)
            it.start()
            await it.drained()
            cards = await _seen(it.room.cards)
            it.check_order(cards)
            for number in _deleted():
                [card] = [card for card in cards if card.words.strip() == f"Wave {number}"]
                await it.room.deletes(card)
            await asyncio.to_thread(it.plan, "again", range(CARDS), GAP_S)
            await it.wake()
            await it.drained()
            await it.until_ready(True, platform)
            await _check_deleted(it)
        return it.result

    return story


def _deleted() -> range:
    """Return which cards are deleted: every third."""
    return range(1, CARDS, 3)


async def _check_deleted(it: PeerTrial) -> None:
    """A deleted card stays away and what hangs under it is in the channel; the others have both in their place."""
    cards = await _seen(it.room.cards)
    for number in range(CARDS):
        is_deleted = number in _deleted()
        it.check(0, f"Wave {number}", cards)
        it.check(not is_deleted, f"Wave {number}, rewritten", cards)
        it.check(is_deleted, f"Wave {number}, under it", cards)
        for card in [card for card in cards if card.words.strip() == f"Wave {number}, rewritten"]:
            it.check(1, f"Wave {number}, under it", await _seen(partial(it.room.thread, card)))
    it.check_order(cards, "under it")
    for person in it.people:
        said = [shown.words for shown in await person.received()]
        it.result.wrong += [f"{person.name} was told: {words}" for words in said]
    it.result.notes["deleted"] = len(_deleted())


def refused_token(platform: str) -> Scenario:
    """Refuse the bot's token in the middle of a fan-out, and accept it again."""
    name = f"refused token, {platform}"

    async def story(folder: Path, url: str, _kills: int) -> Result:
        async with peer_trial(folder, url, name, platform) as it:
            it.plan_waves(WAVES, GAP_S)
            it.start()
            await _sent(it)
            with _refused(it.room):
                # Waves come in the order in which they are due, so the next ones are due after these.
                await asyncio.sleep(max(0.0, (max(it.due.values()) - it.now()).total_seconds()))
                await asyncio.to_thread(it.plan_waves, WAVES, GAP_S)
                await it.wake()
                await it.until_ready(False, platform)
                await asyncio.sleep(REFUSED_S)
            await it.until_ready(True, platform)
            await it.drained()
            await _check_waves(it)
        return it.result

    return story


async def _sent(it: PeerTrial) -> None:
    """Wait until the bot has sent something."""

    async def sent() -> bool:
        with Session(it.read_engine) as session:
            return session.exec(select(Outgoing.id).where(Outgoing.receipt != "").limit(1)).first() is not None

    await until(sent, "the first message")


async def _seen(look: Callable[[], Awaitable[Sequence[Shown]]]) -> Sequence[Shown]:
    """Look at the room. The Slack peer closes connections that nothing came on for a while, just when one is used."""
    for _try in range(20):
        with suppress(ClientError):
            return await look()
    return await look()


@contextmanager
def _refused(room: Room) -> Iterator[None]:
    """Let the platform refuse the token while inside."""
    if isinstance(room, SlackRoom):
        refusal = {"status": 200, "body": {"ok": False, "error": "token_revoked"}}
        methods = ("auth.test", "chat.postMessage", "chat.update", "conversations.open")
        for method in methods:
            room.peer.fault(method, times=EVER, **refusal)
        yield
        for method in methods:
            room.peer.fault(method, times=0, **refusal)
        return
    answer = room.peer._answer
    room.peer._answer = lambda *_asked: (401, {"message": "401: Unauthorized", "code": 0}, {})
    yield
    room.peer._answer = answer


async def _check_waves(it: PeerTrial) -> None:
    """Each wave is once with everyone and once in the channel, in order, and the log says what was wrong, once."""
    places = [await _seen(it.room.cards), *[await person.received() for person in it.people]]
    for place in places:
        for number in range(it.planned):
            it.check(1, f"Wave {number}", place)
        it.check_order(place)
    logged = Path(it.log).read_text()
    said = Counter(
        words
        for words in ("does not accept the bot’s token", "accepts the bot’s token again")
        for line in logged.splitlines()
        if words in line
    )
    it.result.notes["said"] = dict(said)
    if sorted(said.values()) != [1, 1]:
        it.result.wrong.append("the log should say once that the token is refused, and once that it is accepted again")


SCENARIOS: dict[str, Scenario] = {
    **{f"deleted cards, {platform}": deleted_cards(platform) for platform in PLATFORMS},
    **{f"refused token, {platform}": refused_token(platform) for platform in PLATFORMS},
}
