"""One bot in two workspaces: each gets its own answers, and one that removes the bot gets nothing."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import Engine, text
from sqlmodel import Session

from bot.core.platform import (
    ConfigurationError,
    ConnectedChannel,
    DirectMessage,
    InChannel,
    RetryAfter,
    TokenRefused,
    Undeliverable,
)
from bot.operations.encryption import TokenCipher, new_key
from bot.operations.installations import Installations, Installed, renew_every
from bot.settings import BadSettings
from storage.communities import communities
from storage.messaging import outbox
from storage.people import people
from tests.adapters.slack.conftest import Peer
from tests.adapters.slack.front import HOME, NAMES, OTHER, Front, command, event, front
from tests.adapters.slack.many import KEY, Running, browser, many
from tests.adapters.slack.pretend import CARD, MODES, delivery
from tests.support.chat import Chat


@pytest.fixture
async def slack_side(peer: Peer) -> AsyncIterator[Front]:
    async with front(peer) as played:
        yield played


@pytest.fixture
async def bot(slack_side: Front, chat: Chat) -> AsyncIterator[Running]:
    """A bot that both workspaces have installed."""
    async with many(slack_side, chat.app) as running:
        await installed(running, HOME, OTHER)
        yield running


async def installed(running: Running, *teams: str) -> None:
    async with browser(running) as somebody:
        for team in teams:
            assert (await somebody.installs(team)).status == 200


def taken_out(team: str = OTHER, *, at: float = 0.0, kind: str = "app_uninstalled") -> dict[str, object]:
    tokens = {"tokens": {"oauth": [], "bot": ["U0BOT00002"]}} if kind == "tokens_revoked" else {}
    return event({"type": kind, **tokens}, team, at=int(at or time.time()))


@MODES
async def test_people_in_two_workspaces_are_answered_in_their_own(slack_side: Front, chat: Chat, mode: str) -> None:
    peer = slack_side.peer
    async with many(slack_side, chat.app, mode) as running:
        await installed(running, HOME, OTHER)
        slack_side.calls.clear()
        first = await peer.alice.slash("/cop", "help", "general")
        await peer.until(lambda: len(peer.responses) == 1)
        second = await peer.send(command(peer, "help"))
        await peer.until(lambda: len(peer.responses) == 2)
        assert [(said["ok"], said["via"]) for said in (first, second)] == [(True, mode)] * 2
        assert [call["team"] for call in slack_side.sent("users.info")] == [HOME, OTHER]
        # Slack is asked nothing before the first event.
        assert slack_side.sent("auth.test") == []
        await peer.send(
            event({"type": "message", "channel_type": "im", "channel": "D7", "user": "U7", "text": "help"}, at=1)
        )
        await peer.until(lambda: slack_side.sent("chat.postMessage", OTHER))
    with Session(chat.engine) as session:
        assert people.account(session, "slack", f"{OTHER}-U000000077")
        assert people.account(session, "slack", f"{HOME}-{peer.alice.id}")


async def test_person_of_both_workspaces_channel_is_one_person(bot: Running, slack_side: Front, chat: Chat) -> None:
    """Olu is at home in the second workspace, and acts in a channel that the first shares with it (Slack Connect)."""
    peer = slack_side.peer
    await peer.send(command(peer, "help"))
    await peer.until(lambda: len(peer.responses) == 1)
    said = {
        "type": "app_mention",
        "channel": "C7",
        "user": "U000000077",
        "user_team": OTHER,
        "text": "help",
        "ts": "1.2",
    }
    await peer.send(event(said, HOME, at=1) | {"is_ext_shared_channel": True})
    await peer.until(lambda: slack_side.sent("chat.postEphemeral", HOME))
    with Session(chat.engine) as session:
        at_home = people.account(session, "slack", f"{OTHER}-U000000077")
        shared = people.account(session, "slack", f"{HOME}-U000000077")
        assert at_home
        assert shared
        assert shared.person_id == at_home.person_id
        assert (at_home.home_external, shared.home_external) == ("", at_home.external)


async def test_delivery_goes_to_its_workspace_with_its_token(bot: Running, slack_side: Front) -> None:
    peer = slack_side.peer
    first = await bot.slack.deliver(delivery(InChannel(peer.channels["general"])))
    other = delivery(DirectMessage(f"{OTHER}-U000000077"))
    second = await bot.slack.deliver(type(other)(OTHER, other.to, other.message, other.idempotency_key))
    assert first.startswith(peer.channels["general"])
    assert second.startswith("U000000077")
    assert [c["team"] for c in slack_side.sent("chat.postMessage")] == [HOME, OTHER]
    assert bot.slack.rate_limit(HOME).lane == f"slack:{HOME}"
    assert bot.slack.rate_limit(OTHER).lane == f"slack:{OTHER}"


async def test_workspace_without_an_installation_is_answered_in_words(bot: Running, slack_side: Front) -> None:
    peer = slack_side.peer
    stranger = command(peer, "help") | {"team_id": "T999"}
    result = await peer.send(stranger)
    assert "not installed in this workspace" in result["body"]["text"]
    mention = {"type": "app_mention", "channel": "C7", "user": "U7", "text": "help", "ts": "1.2"}
    assert (await peer.send(event(mention, "T999", at=1)))["ok"]
    with pytest.raises(Undeliverable, match="removed from the space"):
        await bot.slack.deliver(type(delivery(InChannel("C7")))("T999", InChannel("C7"), CARD, "ref"))


@pytest.fixture
def circle(engine: Engine, chat: Chat) -> Callable[[], int]:
    """A community in the second workspace. Ben facilitates it, and is on the pretend platform too."""

    def made() -> int:
        with Session(engine) as session, session.begin():
            now = chat.clock.now()
            community = communities.add(session, name="Circle", purpose="", zone="UTC", locale="en", now=now)
            id = communities.key(community)
            communities.bind(session, id, "slack", OTHER, "C000000077")
            ben = people.get_or_create(
                session, platform="slack", space=OTHER, external=f"{OTHER}-U5", name="Ben", zone="UTC", now=now
            )
            session.add(
                people.Account(person_id=people.key(ben), platform=chat.name, space="S1", external="ben", seen_at=now)
            )
            row = people.enrol(session, id, people.key(ben))
            row.joined_at, row.role = now, 2
            outbox.put(
                session,
                key="meetings.card.1@1",
                community=id,
                platform="slack",
                space=OTHER,
                address="{}",
                message="{}",
                now=now,
            )
            return id

    return made


def waiting(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        asked = text("select platform, state, problem from outgoing order by id")
        return [tuple(row) for row in connection.execute(asked)]


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_workspace_that_removes_the_bot_gets_nothing_until_it_returns(
    bot: Running, slack_side: Front, engine: Engine, chat: Chat, circle: Callable[[], int], kind: str
) -> None:
    """It gets nothing from that moment on, and is served again once it installs the bot again."""
    peer, token = slack_side.peer, slack_side.token_of(OTHER)
    circle()
    slack_side.take_out(OTHER)
    assert (await peer.send(taken_out(kind=kind)))["ok"]
    await peer.until(lambda: bot.installations.find(OTHER) is None)
    aside = ("slack", "dead", "removed from the space")
    # Ben is told where he can still be reached.
    assert waiting(engine) == [aside, (chat.name, "waiting", "")]
    with engine.connect() as connection:
        [said] = connection.execute(
            text("select message from outgoing where platform = :p"), {"p": chat.name}
        ).scalars()
        assert connection.execute(text("select locked from installation where space = :s"), {"s": OTHER}).scalar() == ""
        assert connection.execute(text("select count(*) from community")).scalar() == 1
    assert "I was taken out of Second Street" in said
    slack_side.calls.clear()
    with pytest.raises(Undeliverable):
        await bot.slack.deliver(type(delivery(InChannel("C7")))(OTHER, InChannel("C000000077"), CARD, "ref"))
    # The token isn't used any more.
    assert slack_side.calls == []
    # Slack sends the event again, and Ben is told once.
    assert (await peer.send(taken_out(kind=kind), retry=1))["ok"]
    assert len(waiting(engine)) == 2
    assert bot.installations.find(HOME)

    await installed(bot, OTHER)
    assert waiting(engine)[0] == ("slack", "waiting", "")
    assert slack_side.token_of(OTHER) != token
    assert (await peer.send(command(peer, "help")))["ok"]


async def test_workspace_removed_while_it_is_looked_up_is_not_cached(
    bot: Running, chat: Chat, circle: Callable[[], int], mocker: MockerFixture
) -> None:
    circle()
    look_up, looked_up, removed = bot.installations.find, threading.Event(), threading.Event()

    def find_slowly(team: str) -> Installed | None:
        found = look_up(team)
        looked_up.set()
        assert removed.wait(60)
        return found

    bot.many.forget(OTHER)
    mocker.patch.object(bot.installations, "find", find_slowly)
    finding = asyncio.create_task(bot.many.find(OTHER))
    assert await asyncio.to_thread(looked_up.wait, 60)
    await bot.many.taken_out(OTHER, chat.clock.now())
    removed.set()
    assert await finding
    mocker.stopall()
    assert await bot.many.find(OTHER) is None


async def test_old_message_is_not_sent_after_reinstallation(
    bot: Running, engine: Engine, chat: Chat, circle: Callable[[], int]
) -> None:
    circle()
    assert bot.installations.lost(OTHER, unless_after=chat.clock.now())
    chat.clock.move(chat.clock.now() + timedelta(days=4))
    await installed(bot, OTHER)
    assert waiting(engine)[0] == ("slack", "held back", "too late")


@pytest.mark.parametrize("dead", ["account_inactive", "token_revoked", "invalid_auth"])
async def test_revoked_token_removes_the_bot_at_the_next_delivery(
    bot: Running, slack_side: Front, engine: Engine, circle: Callable[[], int], dead: str
) -> None:
    circle()
    slack_side.take_out(OTHER)
    slack_side.dead = dead
    with pytest.raises(Undeliverable, match="removed from the space"):
        await bot.slack.deliver(type(delivery(InChannel("C7")))(OTHER, InChannel("C000000077"), CARD, "ref"))
    assert bot.installations.find(OTHER) is None
    assert waiting(engine)[0] == ("slack", "dead", "removed from the space")
    # A single refusal isn't believed.
    assert len(slack_side.sent("auth.test", "")) == 1


async def test_refusal_of_one_call_removes_nothing(bot: Running, slack_side: Front) -> None:
    slack_side.peer.fault("chat.postMessage", status=200, body={"ok": False, "error": "account_inactive"})
    with pytest.raises(TokenRefused):
        await bot.slack.deliver(delivery(InChannel(slack_side.peer.channels["general"])))
    assert bot.installations.find(HOME)


async def test_token_is_kept_while_slack_is_unreachable(bot: Running, slack_side: Front) -> None:
    peer = slack_side.peer
    peer.fault("chat.postMessage", status=200, body={"ok": False, "error": "token_revoked"})
    peer.fault("auth.test", status=503)
    with pytest.raises(RetryAfter):
        await bot.slack.deliver(delivery(InChannel(peer.channels["general"])))
    assert bot.installations.find(HOME)


async def test_installation_by_another_process_meanwhile_is_kept(bot: Running, slack_side: Front, chat: Chat) -> None:
    await bot.many.find(OTHER)
    slack_side.take_out(OTHER)
    chat.clock.move(chat.clock.now() + timedelta(seconds=5))
    async with browser(bot) as somebody:
        known = dict(bot.many._known)
        await somebody.installs(OTHER)
    # As if the other process had the old installation in its cache.
    bot.many._known.update(known)
    to = InChannel("C000000077")
    with pytest.raises(RetryAfter):
        await bot.slack.deliver(type(delivery(to))(OTHER, to, CARD, "ref"))
    assert await bot.slack.deliver(type(delivery(to))(OTHER, to, CARD, "ref"))


async def test_removal_older_than_the_installation_changes_nothing(bot: Running, chat: Chat) -> None:
    late = taken_out(at=chat.clock.now().timestamp() - 3_600)
    assert (await bot.front.peer.send(late))["ok"]
    tokens_of_people = event({"type": "tokens_revoked", "tokens": {"oauth": ["U7"], "bot": []}}, at=int(time.time()))
    assert (await bot.front.peer.send(tokens_of_people))["ok"]
    assert bot.installations.find(OTHER)


async def test_doctor_checks_each_workspace(bot: Running, slack_side: Front) -> None:
    assert [c.ok for c in await bot.slack.diagnose()] == [True, True]
    slack_side.take_out(OTHER)
    summary, other, _socket = await bot.slack.diagnose()
    assert "1 let the bot in" in summary.says
    assert other.name == "Slack workspace Second Street"
    assert "account_inactive" in other.says
    assert "/slack/install" in other.fix
    bot.installations.cipher = TokenCipher(new_key())
    summary, _socket = await bot.slack.diagnose()
    assert not summary.ok
    assert "Peer, Second Street" in summary.says


async def test_doctor_asks_each_workspace_about_its_channels(bot: Running, slack_side: Front) -> None:
    connected = [ConnectedChannel(team, "C0GONE0001", NAMES.get(team, team)) for team in (HOME, OTHER, "T0NEVER001")]
    [missing] = await bot.slack.find_unreachable(connected)
    assert missing.name == "Channel of Peer on Slack"
    [asked] = slack_side.sent("chat.postEphemeral", OTHER)
    assert asked["args"]["user"] == "U0BOT00002"


async def test_keys_are_rotated_without_reinstallation(
    bot: Running, slack_side: Front, engine: Engine, chat: Chat
) -> None:
    newer = new_key()
    with Session(engine) as session, session.begin():
        assert renew_every(session, TokenCipher(f"{newer}, {KEY}")) == (2, [])
    only_new = Installations(chat.app, TokenCipher(newer), "slack")
    assert [one.token for one in only_new.every()[0]] == slack_side.given
    with Session(engine) as session, session.begin():
        assert renew_every(session, TokenCipher(new_key())) == (0, [f"slack:{HOME}", f"slack:{OTHER}"])
    # No token was damaged.
    assert [one.token for one in only_new.every()[0]] == slack_side.given


async def test_bot_does_not_start_without_the_right_key_and_says_so(
    slack_side: Front, chat: Chat, bot: Running
) -> None:
    with pytest.raises(ConfigurationError, match="COP_KEYS"):
        async with many(slack_side, chat.app, keys=new_key()):
            pass


@pytest.mark.parametrize("keys", ["", " , ", "secret", "a" * 44 + "," + KEY], ids=["none", "blank", "short", "one"])
def test_invalid_key_is_refused_without_being_shown(keys: str) -> None:
    with pytest.raises(BadSettings, match="cop keys new") as refused:
        TokenCipher(keys)
    assert "aaaa" not in str(refused.value)
    assert KEY not in str(refused.value)
