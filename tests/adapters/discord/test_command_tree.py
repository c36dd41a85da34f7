"""The commands that are registered with Discord, and the invitation with exactly the permissions needed."""

import copy
from typing import Any
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord import command_tree, invite
from bot.core.app import App
from bot.core.clock import RealClock
from bot.features import ALL
from storage import database
from tests.adapters.discord.small_app import command, small_app


def listed() -> dict[str, Any]:
    return {c["name"]: c for c in command_tree.tree(small_app())}


def test_tree_has_three_roots_and_the_message_actions() -> None:
    assert list(listed()) == ["cop", "cop-facilitate", "cop-admin", "Save to resources"]


def test_discord_accepts_every_command() -> None:
    real = App(ALL, database.connect("sqlite://"), RealClock().now)
    assert len(command_tree.tree(real)) == 3 + len(real.shortcuts)


@pytest.mark.parametrize(
    ("name", "permission", "contexts"),
    [
        ("cop", None, [0, 1]),
        ("cop-facilitate", discord.Permissions(manage_events=True).value, [0]),
        ("cop-admin", discord.Permissions(manage_guild=True).value, [0]),
    ],
)
def test_root_is_shown_by_permission_and_place(name: str, permission: int | None, contexts: list[int]) -> None:
    assert listed()[name]["default_member_permissions"] == permission
    assert listed()[name]["contexts"] == contexts


def test_two_word_commands_share_a_group_with_their_first_word() -> None:
    checkin, agenda = listed()["cop-facilitate"]["options"]
    assert (checkin["type"], [o["name"] for o in checkin["options"]]) == (2, ["open"])
    assert (agenda["type"], [o["name"] for o in agenda["options"]]) == (2, ["agenda", "add"])


def test_argument_is_one_optional_text() -> None:
    member = {o["name"]: o["options"] for o in listed()["cop"]["options"] if o["type"] == 1}
    assert member["home"] == []
    assert member["say"] == [{"type": 3, "name": "words", "description": "<words>"}]
    assert member["zone"][0]["autocomplete"] is True
    assert [c["value"] for c in member["rsvp"][0]["choices"]] == ["yes", "no"]


@pytest.mark.parametrize(
    ("argument", "name"),
    [("<words or #topic>", "words-or-topic"), ("[link] [note]", "link-note"), ("<…>", "text"), ("x" * 40, "x" * 32)],
)
def test_argument_is_named_by_what_it_takes(argument: str, name: str) -> None:
    assert command_tree.argument_name(command("find", argument=argument)) == name


@pytest.mark.parametrize(
    ("name", "root"), [("cop", "member"), ("cop-facilitate", "facilitator"), ("cop-admin", "admin")]
)
def test_root_is_known_from_the_command_name(name: str, root: str) -> None:
    assert command_tree.root_of(name) == root


def test_tree_beyond_discords_limits_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="Discord shows at most 25"):
        command_tree.subcommands([command(f"c{n}") for n in range(26)])


def test_tree_differs_by_our_changes_and_not_by_discords_defaults() -> None:
    ours = command_tree.tree(small_app())
    theirs = copy.deepcopy(ours)
    for c in theirs:
        c |= {
            "id": "1",
            "version": "2",
            "nsfw": False,
            "name_localizations": None,
            "description": c.get("description", ""),
        }
        if permission := c.get("default_member_permissions"):
            c["default_member_permissions"] = str(permission)
        for option in c.get("options", []):
            option |= {"required": False, "name_localizations": None}
    theirs.reverse()
    assert command_tree.essence(theirs) == command_tree.essence(ours)
    for path in ("help", "gone", "choice", "new"):
        other = copy.deepcopy(theirs)
        cop = next(c for c in other if c["name"] == "cop")
        match path:
            case "help":
                cop["options"][0]["description"] = "Other words"
            case "gone":
                del cop["options"][0]
            case "choice":
                next(o for o in cop["options"] if o["name"] == "rsvp")["options"][0]["choices"].pop()
            case "new":
                other.append({**cop, "name": "more"})
        assert command_tree.essence(other) != command_tree.essence(ours), path


def test_invitation_asks_for_what_is_needed_only() -> None:
    asked = parse_qs(urlsplit(invite.invite_url(42)).query)
    assert asked["client_id"] == ["42"]
    assert asked["scope"] == ["bot applications.commands"]
    assert asked["permissions"] == [str(1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 35 | 1 << 38 | 1 << 44)]


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (invite.needed().value, []),
        (discord.Permissions(administrator=True).value, []),
        (invite.needed().value & ~(1 << 35), ["Create Public Threads"]),
    ],
)
def test_missing_permissions_of_a_server_are_named(granted: int, missing: list[str]) -> None:
    assert invite.lacking(granted) == missing
