"""A server that takes the bot out, and channels that are deleted, archived, closed or renamed, as platforms say so."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.slack.front import HOME, event
from tests.conformance import story
from tests.conformance.accounts import lives_on_both
from tests.conformance.conftest import Run
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import card_with, have_no_quiet_hours, sent_to, until
from tests.conformance.process import doctor
from tests.conformance.slack_people import SlackRoom

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
QUESTION = "What will you try?"
VIEW_CHANNEL = 1 << 10


def server(room: DiscordRoom) -> dict[str, Any]:
    from simcord.backend import serializers

    backend = room.peer.backend
    return dict(serializers.guild_create_payload(backend, backend.get_guild(room.guild.id)))


async def posts_of(room: DiscordRoom) -> int:
    return len([r for r in room.peer.requests if r["method"] == "POST" and r["path"].endswith("/messages")])


async def test_server_that_takes_the_bot_out_rests_and_goes_on(
    slack: SlackRoom, discord: DiscordRoom, run: Run
) -> None:
    """Ada facilitates on both platforms, so she is told on Slack. What was posted meanwhile comes later."""
    bot = await run(slack, discord)
    await story.begins(slack)
    await have_no_quiet_hours(slack.ada)
    await lives_on_both(slack, discord)
    there = server(discord)
    discord.peer.dispatch("GUILD_DELETE", {"id": there["id"]})
    told = await sent_to(slack.ada, "I was taken out of")
    assert "install me again" in told.words
    before = await posts_of(discord)
    await slack.ada.types(f"checkin open {QUESTION}", "facilitate")
    await card_with(slack, QUESTION)
    await slack.ada.types("channel show", "admin")
    assert "I was removed from that workspace or server" in slack.ada.sees.words
    assert await posts_of(discord) == before

    discord.peer.dispatch("GUILD_CREATE", there)
    await card_with(discord, QUESTION)
    assert len([told for told in await slack.ada.received() if "I was taken out of" in told.words]) == 1
    await bot.stop()
    assert discord.complaints() == []


async def test_outage_of_discord_is_no_removal(discord: DiscordRoom, run: Run) -> None:
    bot = await run(discord)
    await story.begins(discord)
    await have_no_quiet_hours(discord.ada)
    there = server(discord)
    discord.peer.dispatch("GUILD_DELETE", {"id": there["id"], "unavailable": True})
    discord.peer.dispatch("GUILD_CREATE", there)
    await discord.ada.types(f"checkin open {QUESTION}", "facilitate")
    await card_with(discord, QUESTION)
    assert not bot.logged("taken out of a space")
    await bot.stop()
    assert bot.trouble == []


async def test_deleted_channel_is_told_once_and_another_takes_its_place(discord: DiscordRoom, run: Run) -> None:
    bot = await run(discord)
    await story.begins(discord)
    await have_no_quiet_hours(discord.ada)
    discord.peer.backend.delete_channel(discord.channel.id)
    told = await sent_to(discord.ada, "was deleted")
    assert "channel bind" in told.words
    discord.channel = discord.guild.create_text_channel("again")
    await discord.ada.types("channel bind", "admin")
    assert "lives in" in discord.ada.sees.words
    await discord.ada.types(f"checkin open {QUESTION}", "facilitate")
    await card_with(discord, QUESTION)
    assert len([told for told in await discord.ada.received() if "I cannot post" in told.words]) == 1
    await bot.stop()


async def test_channel_that_shuts_the_bot_out_is_told_and_goes_on(discord: DiscordRoom, run: Run) -> None:
    """By its permissions, which is how a bot is taken out of a channel on Discord."""
    bot = await run(discord)
    await story.begins(discord)
    await have_no_quiet_hours(discord.ada)
    shut = _shut_out_everyone(discord)
    told = await sent_to(discord.ada, "I can’t post in")
    assert "View Channel" in told.words
    before = await posts_of(discord)
    await discord.ada.types(f"checkin open {QUESTION}", "facilitate")
    await discord.ada.types("channel show", "admin")
    assert await posts_of(discord) == before
    discord.peer.dispatch("CHANNEL_UPDATE", shut | {"permission_overwrites": []})
    await card_with(discord, QUESTION)
    await bot.stop()
    assert bot.trouble == []


def _shut_out_everyone(room: DiscordRoom, *, except_role: int = 0) -> dict[str, Any]:
    """Tell the bot that the channel's permissions changed. Returns the channel as Discord describes it."""
    from simcord.backend import serializers

    channel = dict(serializers.channel_payload(room.peer.backend, room.peer.backend.get_channel(room.channel.id)))
    overwrites = [{"id": str(room.guild.id), "type": 0, "allow": "0", "deny": str(VIEW_CHANNEL)}]
    if except_role:
        overwrites.append({"id": str(except_role), "type": 0, "allow": str(VIEW_CHANNEL), "deny": "0"})
    room.peer.dispatch("CHANNEL_UPDATE", channel | {"permission_overwrites": overwrites})
    return channel


async def test_channel_is_open_while_the_bot_has_a_role_that_sees_it(discord: DiscordRoom, run: Run) -> None:
    from simcord.backend import serializers

    bot = await run(discord)
    await story.begins(discord)
    backend, guild = discord.peer.backend, discord.peer.backend.get_guild(discord.guild.id)
    role = backend.create_role(guild.id, "bots")
    member = serializers.member_payload(backend, guild, guild.members[backend.bot_user.id])
    own: dict[str, Any] = {**member, "guild_id": str(guild.id)}

    async def becomes(*problems: str) -> None:
        async def noticed() -> bool:
            return [line["problem"] for line in bot.logged("a channel changed")] == list(problems)

        await until(noticed, f"the channel having been {problems}")

    _shut_out_everyone(discord, except_role=role.id)
    await becomes("no permission")
    discord.peer.dispatch("GUILD_MEMBER_UPDATE", own | {"roles": [*own["roles"], str(role.id)]})
    await becomes("no permission", "")
    discord.peer.dispatch("GUILD_MEMBER_UPDATE", own)
    await becomes("no permission", "", "no permission")
    await bot.stop()
    assert bot.trouble == []


async def test_what_changed_while_the_bot_was_away_is_noticed_when_it_is_back(
    slack: SlackRoom, discord: DiscordRoom, run: Run
) -> None:
    bot = await run(slack, discord)
    await story.begins(slack)
    await have_no_quiet_hours(slack.ada)
    await lives_on_both(slack, discord)
    await bot.stop()
    discord.peer.backend.edit_channel(discord.channel.id, {"name": "renamed"})
    again = await run(slack, discord)

    async def shows(words: str) -> bool:
        await slack.ada.types("channel show", "admin")
        return words in slack.ada.sees.words

    await until(lambda: shows("#renamed (Discord)"), "the new name")
    await again.stop()
    discord.peer.backend.remove_guild(discord.guild.id)
    last = await run(slack, discord)
    await sent_to(slack.ada, "I was taken out of")
    await last.stop()


async def test_member_who_left_the_server_counts_again_when_they_are_back(discord: DiscordRoom, run: Run) -> None:
    """Discord doesn't say who leaves. The bot asks whenever it starts, and then every hour."""
    bot = await run(discord)
    await story.begins(discord)
    await story.is_joined(discord)
    await have_no_quiet_hours(discord.ada)
    ada, alice = discord.ada, discord.alice
    await alice.types("rsvp yes")
    await bot.stop()

    discord.guild.remove_member(alice.member)
    again = await run(discord)
    told = await sent_to(ada, "has left the server")
    assert alice.id in told.words
    await ada.types("meeting show", "facilitate")
    assert alice.id not in ada.sees.words
    await again.stop()

    alice.member = discord.guild.add_member(alice.user)
    last = await run(discord)

    async def counts_again() -> bool:
        await ada.types("meeting show", "facilitate")
        return alice.id in ada.sees.words

    await until(counts_again, "Alice being counted again")
    assert len([told for told in await ada.received() if "has left the server" in told.words]) == 1
    for each in (bot, again, last):
        assert each.trouble == []
    await last.stop()
    assert discord.complaints() == []


async def test_slack_says_where_a_channel_is_if_it_may(slack: SlackRoom, run: Run) -> None:
    """The app gets these events only if somebody gave it more scopes, except that of a channel's new id."""
    bot = await run(slack)
    await story.begins(slack)
    await have_no_quiet_hours(slack.ada)
    channel = slack.peer.channels["general"]

    async def happens(inner: dict[str, Any]) -> None:
        assert (await slack.peer.send(event(inner, HOME, at=int(time.time()))))["ok"]

    await happens({"type": "channel_archive", "channel": channel, "user": slack.ada.id})
    told = await sent_to(slack.ada, "was archived")
    assert "bring it back" in told.words
    await slack.ada.types(f"checkin open {QUESTION}", "facilitate")
    await happens({"type": "channel_unarchive", "channel": channel, "user": slack.ada.id})
    await card_with(slack, QUESTION)
    await happens({"type": "channel_rename", "channel": {"id": channel, "name": "renamed", "created": 1}})
    await happens({"type": "channel_id_changed", "old_channel_id": channel, "new_channel_id": "C0NEW00001"})

    async def is_free() -> bool:
        await slack.ada.types("channel bind", "admin")
        return "too now" in slack.ada.sees.words

    await until(is_free, "the old id being free for another channel")
    await bot.stop()
    assert bot.trouble == []
    assert slack.complaints() == []


async def test_doctor_finds_an_archived_channel_that_slack_said_nothing_of(
    slack: SlackRoom, run: Run, tmp_path: Path, fresh_database: str
) -> None:
    """With the scopes that the app asks for, nothing comes from Slack, and no message has failed there yet."""
    bot = await run(slack)
    await story.begins(slack)
    channel = slack.peer.channels["dev"]
    await slack.ada.types(f"channel bind <#{channel}>", "admin")
    own = {"DATABASE_URL": fresh_database}
    assert "is archived" not in await doctor(tmp_path, own, slack.environment())
    assert (await slack.peer.as_user("conversations.archive", "alice", channel=channel))["ok"]
    assert f"Channel of {story.NAME} on Slack: {channel} is archived." in await doctor(
        tmp_path, own, slack.environment()
    )
    await bot.stop()
    assert bot.trouble == []
    assert slack.complaints() == []
