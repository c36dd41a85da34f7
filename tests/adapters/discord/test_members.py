"""Whom Discord no longer finds in a server counts nowhere, until it finds them again."""

import asyncio
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from adapters.discord import members
from adapters.discord.members import DiscordMembers
from bot.core.events import PlatformUser
from bot.operations import accounts
from bot.operations.places import REMOVED
from storage.communities.communities import Channel
from storage.people import appointments, people
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community
from tests.support.one_thread import run

HERE, THERE = "11", "22"
IDS = {"Mei": "101", "Olu": "102", "Ana": "103", "Ben": "104"}
CHI = "105"
GONE, DELETED = (404, 10007), (404, 10013)


def refusal(status: int, code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="")
    kind = {404: discord.NotFound, 403: discord.Forbidden}.get(status, discord.DiscordServerError)
    return kind(response, {"code": code, "message": ""})


class Servers:
    """Answers who is in which server. `missing` says how it refuses, by server and account."""

    shard_id = shard_count = None

    def __init__(self) -> None:
        self.missing: dict[tuple[str, str], Exception] = {}
        self.roles: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.http = self
        self.has_ended = False

    def is_closed(self) -> bool:
        return self.has_ended

    async def get_member(self, guild: int, user: int) -> dict[str, list[str]]:
        self.asked.append((str(guild), str(user)))
        if refused := self.missing.get(self.asked[-1]):
            raise refused
        return {"roles": self.roles}


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Servers:
    monkeypatch.setattr(members, "PAUSE", 0)
    return Servers()


@pytest.fixture
def chat(engine: Any) -> Chat:
    """The youth workers on a Discord server, where Ben facilitates."""
    chat = Chat(engine, name="discord", space=HERE)
    create_community(chat)
    with Session(engine) as session, session.begin():
        for row in session.exec(select(people.Account)):
            row.external = IDS[row.name]
    return chat


def notices(chat: Chat) -> list[str]:
    chat.deliver_all()
    return [post.words for post in chat.posts if post.message.title == "Someone has left the server"]


def counted(chat: Chat) -> set[str]:
    with Session(chat.engine) as session:
        return {person.name for _row, person in people.members(session, 1)}


async def look(chat: Chat, servers: Any, **shard: int) -> None:
    vars(servers).update(shard)
    await DiscordMembers(servers, chat.app).look()


@pytest.mark.parametrize("answer", [GONE, DELETED])
async def test_who_has_left_counts_no_more_until_they_are_back(
    chat: Chat, servers: Servers, answer: tuple[int, int]
) -> None:
    servers.missing[HERE, IDS["Mei"]] = refusal(*answer)
    for _time in range(2):
        await look(chat, servers)
    assert counted(chat) == {"Olu", "Ana", "Ben"}
    with Session(chat.engine) as session:
        assert accounts.spaces_of_members(chat.app, "discord").keys() == set(IDS.values())
        assert people.account(session, "discord", IDS["Mei"]).off_since  # type: ignore[union-attr]
    servers.missing.clear()
    await look(chat, servers)
    assert counted(chat) == set(IDS)


def test_facilitators_are_told_once_who_has_left(chat: Chat) -> None:
    for _time in range(2):
        accounts.change(chat.app, "discord", IDS["Mei"], off=True, has_left=True)
    [notice] = notices(chat)
    assert "Mei has left the server, so they don’t count in Youth workers for now" in notice
    assert "when they return" in notice


@pytest.mark.parametrize(
    "refused",
    [refusal(404, 10004), refusal(403, 50001), refusal(500, 0), discord.RateLimited(9.0), TimeoutError(), OSError()],
    ids=repr,
)
async def test_answer_that_says_nothing_about_the_person_changes_nothing(
    chat: Chat, servers: Servers, refused: Exception
) -> None:
    servers.missing[HERE, IDS["Mei"]] = refused
    await look(chat, servers)
    assert counted(chat) == set(IDS)
    # Nor does it bring somebody back.
    servers.missing[HERE, IDS["Mei"]] = refusal(*GONE)
    await look(chat, servers)
    servers.missing[HERE, IDS["Mei"]] = refused
    await look(chat, servers)
    assert "Mei" not in counted(chat)


async def test_account_without_an_id_of_discord_stops_no_round(chat: Chat, servers: Servers) -> None:
    with Session(chat.engine) as session, session.begin():
        people.account(session, "discord", IDS["Mei"]).external = "0mei"  # type: ignore[union-attr]
    servers.missing[HERE, IDS["Olu"]] = refusal(*GONE)
    await look(chat, servers)
    assert counted(chat) == {"Mei", "Ana", "Ben"}


@pytest.fixture
def led_by_mei(chat: Chat) -> Chat:
    """Mei facilitates by the role 7 of the server."""
    chat.person("Sue", manages=True).types("role map facilitator <@&7>", root="admin")
    Actor(chat, PlatformUser(IDS["Mei"], "Mei", groups=("7",))).types("home")
    return chat


def facilitates(chat: Chat) -> bool:
    with Session(chat.engine) as session:
        known = people.account(session, "discord", IDS["Mei"])
        assert known
        return appointments.facilitates_by_platform(session, 1, known.person_id)


@pytest.mark.parametrize("answer", [["8"], GONE])
def test_who_lost_the_role_by_which_they_facilitate_is_found_before_they_act(
    led_by_mei: Chat, servers: Servers, answer: Any
) -> None:
    servers.roles = ["7", "8"]
    run(look(led_by_mei, servers))
    assert facilitates(led_by_mei)
    if answer is GONE:
        servers.missing[HERE, IDS["Mei"]] = refusal(*GONE)
    else:
        servers.roles = answer
    for _time in range(2):
        run(look(led_by_mei, servers))
        led_by_mei.deliver_all()
    assert not facilitates(led_by_mei)
    said = [p.words for p in led_by_mei.in_channel() if "no longer has the role on this platform" in p.words]
    assert len(said) == 1


def test_answer_that_says_nothing_of_roles_ends_none(led_by_mei: Chat, servers: Servers) -> None:
    servers.missing[HERE, IDS["Mei"]] = refusal(500, 0)
    run(look(led_by_mei, servers))
    assert facilitates(led_by_mei)


@pytest.fixture
def elsewhere(chat: Chat) -> Actor:
    """Mei belongs to a community on another server, too."""
    other = create_community(chat, [], name="Staff leaders", channel="staff", facilitator="Chi")
    [mei] = actors(chat, "Mei")
    with Session(chat.engine) as session, session.begin():
        [channel] = session.exec(select(Channel).where(Channel.community_id == other))
        channel.space = THERE
        people.account(session, "discord", "chi").external = CHI  # type: ignore[union-attr]
        known = people.account(session, "discord", IDS["Mei"])
        assert known
        people.join(people.enrol(session, other, known.person_id), chat.clock.now())
    return mei


async def test_who_is_in_one_of_their_servers_counts(chat: Chat, servers: Servers, elsewhere: Actor) -> None:
    servers.missing[HERE, IDS["Mei"]] = refusal(*GONE)
    await look(chat, servers)
    assert "Mei" in counted(chat)
    servers.missing[THERE, IDS["Mei"]] = refusal(*GONE)
    await look(chat, servers)
    assert "Mei" not in counted(chat)


async def test_server_that_took_the_bot_out_is_not_asked(chat: Chat, servers: Servers, elsewhere: Actor) -> None:
    with Session(chat.engine) as session, session.begin():
        [channel] = session.exec(select(Channel).where(Channel.space == HERE))
        channel.unreachable = REMOVED
    await look(chat, servers)
    assert {server for server, _who in servers.asked} == {THERE}


async def test_each_account_is_asked_about_by_one_connection(chat: Chat, servers: Servers, elsewhere: Actor) -> None:
    """By Discord's rule, both servers are the first shard's."""
    await look(chat, servers, shard_id=1, shard_count=2)
    assert servers.asked == []
    await look(chat, servers, shard_id=0, shard_count=2)
    assert {who for _server, who in servers.asked} == {*IDS.values(), CHI}


@pytest.mark.parametrize("change", ["left", "never joined"])
async def test_nobody_else_is_asked_about(chat: Chat, servers: Servers, change: str) -> None:
    with Session(chat.engine) as session, session.begin():
        known = people.account(session, "discord", IDS["Mei"])
        assert known
        row = people.membership(session, 1, known.person_id)
        assert row
        if change == "left":
            row.left_at = chat.clock.now()
        else:
            row.joined_at = None
    await look(chat, servers)
    assert {who for _server, who in servers.asked} == set(IDS.values()) - {IDS["Mei"]}


async def test_rounds_go_on_after_a_fault_until_they_are_stopped(
    chat: Chat, servers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "INTERVAL", 0)
    rounds, outcomes = DiscordMembers(servers, chat.app), iter([OSError("the database is gone"), None, None])
    seen: list[int] = []

    async def look() -> None:
        if fault := next(outcomes, None):
            raise fault
        seen.append(1)
        if len(seen) == 2:
            rounds.stop()

    monkeypatch.setattr(rounds, "look", look)
    rounds.start()
    running = rounds._rounds
    rounds.start()
    assert rounds._rounds is running
    assert running
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(seen) == 2


async def test_connection_that_ends_while_it_asks_is_no_fault(
    chat: Chat, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = DiscordMembers(servers, chat.app)  # type: ignore[arg-type]

    async def look() -> None:
        servers.has_ended = True
        raise RuntimeError("Session is closed")

    monkeypatch.setattr(rounds, "look", look)
    with capture_logs() as logged:
        rounds.start()
        assert rounds._rounds
        await rounds._rounds
    assert logged == []
