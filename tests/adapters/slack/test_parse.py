"""Parsing what Slack sends: recorded requests, and its text formats."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import parse
from adapters.slack.mrkdwn import escape
from adapters.slack.parse import ChannelChange, Profile, ReplyTarget
from bot.core.events import Click, Command, PlatformUser

ADA = PlatformUser("T1-U1", "Ada")


def recorded(shared: Path, name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((shared / f"payloads/slack/{name}.json").read_text())
    return body


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("share it", "share it"),
        ("  find #testing ", "find #testing"),
        ("pair <@U1|ben> with <@U2>", "pair <@T1-U1> with <@T1-U2>"),
        ("channel bind <#C1|room> <#C2>", "channel bind <#C1> <#C2>"),
        ("role map <!subteam^S1|@leads>", "role map <@&S1>"),
        ("<!here|here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<http://x.org/?a=1&amp;b=2|x.org>", "http://x.org/?a=1&b=2"),
        ("<https://x.org>", "https://x.org"),
        ("<mailto:a@b.org|a@b.org> <tel:+123|+123> <mailto:c@d.org>", "a@b.org +123 c@d.org"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;", "1 < 2 && 3 > 2 &lt;"),
    ],
)
def test_slack_markup_becomes_plain(written: str, read_as: str) -> None:
    assert parse.plain(written, "T1") == read_as


def test_text_for_reading_shows_names() -> None:
    assert (
        parse.plain("<@U1|ben> and <@U2> in <#C1|room> and <!subteam^S1|@leads>", "")
        == "@ben and @U2 in #room and @leads"
    )


@given(st.text())
def test_typed_text_round_trips(typed: str) -> None:
    assert parse.plain(escape(typed), "T1") == typed.strip()


def test_slash_command_is_parsed(shared: Path) -> None:
    body = recorded(shared, "slash_command_3ad81c754a") | {"command": "/hub-admin", "text": "setup"}
    who = parse.person(body, Profile("Ada", "Europe/Rome", "it-IT", True))
    event = parse.command(body, who, "hub")
    assert (event.line, event.root) == ("setup", "admin")
    assert event.person.id == f"{body['team_id']}-{body['user_id']}"
    assert (who.zone, who.locale, who.can_manage) == ("Europe/Rome", "it-IT", True)
    assert event.place.channel == body["channel_id"]
    assert parse.root(body, "cop") is None


def test_group_message_is_known_by_its_name() -> None:
    body = {"team_id": "T1", "channel_id": "G1", "channel_name": "mpdm-ada--ben--mei-1"}
    assert parse.place(body, "G1").channel_kind == "group message"
    assert parse.place(body | {"channel_name": "general"}, "G1").channel_kind == "unknown"


@pytest.mark.parametrize(
    ("event", "change"),
    [
        ({"type": "channel_archive", "channel": "C1", "user": "U1"}, ChannelChange("C1", "channel gone", "archived")),
        ({"type": "group_archive", "channel": "G1"}, ChannelChange("G1", "channel gone", "archived")),
        ({"type": "channel_unarchive", "channel": "C1", "user": "U1"}, ChannelChange("C1")),
        ({"type": "channel_deleted", "channel": "C1"}, ChannelChange("C1", "channel gone", "deleted")),
        ({"type": "channel_left", "channel": "C1"}, ChannelChange("C1", "not in the channel")),
        ({"type": "group_left", "channel": "C1"}, ChannelChange("C1", "not in the channel")),
        ({"type": "channel_rename", "channel": {"id": "C1", "name": "new"}}, ChannelChange("C1", name="new")),
        ({"type": "group_rename", "channel": {"id": "C1", "name": "new"}}, ChannelChange("C1", name="new")),
        (
            {"type": "channel_id_changed", "old_channel_id": "C1", "new_channel_id": "C2"},
            ChannelChange("C1", new_id="C2"),
        ),
        ({"type": "member_left_channel", "user": "UBOT", "channel": "C1"}, ChannelChange("C1", "not in the channel")),
        ({"type": "member_joined_channel", "user": "UBOT", "channel": "C1"}, ChannelChange("C1")),
        ({"type": "member_left_channel", "user": "U1", "channel": "C1"}, None),
        ({"type": "channel_created", "channel": {"id": "C1", "name": "new"}}, None),
        ({"type": "channel_archive"}, None),
        ({"type": "app_mention", "channel": "C1"}, None),
        ({}, None),
    ],
)
def test_change_of_a_channel_is_parsed(event: dict[str, Any], change: ChannelChange | None) -> None:
    assert parse.channel_change({"event": event, "team_id": "T1"}, "UBOT") == change


def test_unknown_user_keeps_the_name_of_the_payload(shared: Path) -> None:
    body = recorded(shared, "block_actions_01ae844aa4")
    assert parse.person(body, None) == PlatformUser("T03E94MJU-U03E94MK0", "seratch")
    assert parse.person(recorded(shared, "block_actions_820d2c519a"), None).name == "U111"


CLICKED = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}}
SAID = {"type": "event_callback", "team_id": "T1", "authorizations": [{"team_id": "T1", "enterprise_id": "E1"}]}


def profiled(**user: Any) -> Profile:
    return parse.profile({"id": "U1", "name": "ada", **user})


@pytest.mark.parametrize(
    ("body", "known", "home_id"),
    [
        # At home: said by the click, the event, the profile, or by nothing at all.
        (CLICKED | {"user": {"id": "U1", "team_id": "T1"}}, None, ""),
        (CLICKED, None, ""),
        (SAID | {"event": {"user": "U1", "team": "T1"}}, profiled(team_id="T1"), ""),
        (CLICKED | {"user": {"id": "U1", "team_id": "T9"}}, profiled(team_id="T1"), ""),
        # Of another company: the workspace, or only the organization, of a person in a shared channel.
        (CLICKED | {"user": {"id": "U1", "team_id": "T9"}}, None, "T9-U1"),
        (CLICKED | {"user": {"id": "U1", "team_id": "T9"}}, profiled(), "T9-U1"),
        (SAID | {"event": {"user": "U1", "user_team": "T9", "source_team": "T9"}}, None, "T9-U1"),
        (SAID | {"event": {"user": "U1", "user_team": "E9"}}, None, "E9-U1"),
        (SAID | {"event": {"user": "U1", "user_team": "E9"}}, profiled(team_id="T9"), "T9-U1"),
        (SAID | {"event": {"user": "U1"}}, profiled(team_id="T9", is_stranger=True), "T9-U1"),
        # A form that was opened in another workspace.
        (
            {
                "type": "view_submission",
                "team": {"id": "T9"},
                "user": {"id": "U1", "team_id": "T9"},
                "view": {"app_installed_team_id": "T1"},
            },
            None,
            "T9-U1",
        ),
        # Of another workspace of the same organization.
        (SAID | {"event": {"user": "U1", "user_team": "E1"}}, None, ""),
        (
            CLICKED | {"user": {"id": "U1", "team_id": "T2"}},
            profiled(team_id="T2", enterprise_user={"enterprise_id": "E1", "teams": ["T1", "T2"]}),
            "",
        ),
        (
            CLICKED | {"user": {"id": "U1", "team_id": "T2"}, "enterprise": {"id": "E1"}},
            profiled(team_id="T2", enterprise_user={"enterprise_id": "E1", "teams": ["T2"]}),
            "",
        ),
    ],
)
def test_person_from_another_company_has_an_id_at_home_too(
    body: dict[str, Any], known: Profile | None, home_id: str
) -> None:
    who = parse.person(body, known)
    assert (who.id, who.home_id) == ("T1-U1", home_id)


def test_admin_of_another_company_manages_nothing_here() -> None:
    body = CLICKED | {"user": {"id": "U1", "team_id": "T9"}}
    assert not parse.person(body, profiled(team_id="T9", is_admin=True)).can_manage
    assert parse.person(CLICKED, profiled(team_id="T1", is_admin=True)).can_manage


def test_click_is_parsed_in_channel_home_and_direct_message(shared: Path) -> None:
    body = recorded(shared, "block_actions_d401502228")
    event = parse.click(body, ADA)
    assert isinstance(event, Click)
    assert (event.action, event.value, event.chosen, event.place.channel) == ("save", "", (), "C111")
    assert parse.back(body).thread == "1693616242.466609"
    assert parse.back(body).replaceable
    at_home = recorded(shared, "block_actions_c11ce6d179")
    assert parse.back(at_home).home
    pressed = parse.click(at_home, ADA)
    assert isinstance(pressed, Click)
    assert (pressed.place.channel, pressed.place.direct) == ("", True)
    private = recorded(shared, "block_actions_01ae844aa4")
    assert parse.back(private).replaceable
    assert not parse.back(recorded(shared, "block_actions_820d2c519a")).replaceable


@given(
    st.from_regex(r"[a-z]+\.[a-z]+", fullmatch=True),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80),
)
def test_button_value_round_trips(action: str, value: str) -> None:
    pressed = {"type": "button", "action_id": f"{action}|{value}"}
    event = parse.click({"team": {"id": "T1"}, "channel": {"id": "C1"}, "actions": [pressed]}, ADA)
    assert isinstance(event, Click)
    assert (event.action, event.value) == (action, value)


def test_empty_choice_and_repeated_command_are_parsed() -> None:
    chosen = {"type": "static_select", "action_id": "a.b|12:", "selected_option": {"value": "(none)"}}
    event = parse.click({"actions": [chosen]}, ADA)
    assert isinstance(event, Click)
    assert event.chosen == ("",)
    again = parse.click({"actions": [{"type": "button", "action_id": "slack.again", "value": "|find a|b"}]}, ADA)
    assert isinstance(again, Command)
    assert (again.root, again.line) == ("", "find a|b")
    assert parse.click({"actions": [{"type": "button", "action_id": "slack.link|0"}]}, ADA) is None


def test_form_in_a_shared_channel_belongs_to_the_installed_workspace(shared: Path) -> None:
    body = recorded(shared, "view_submission_b4c348d911")
    body["team"]["id"], body["view"]["private_metadata"] = "T_ELSEWHERE", "C1|12:a|b"
    event = parse.submission(body, ADA)
    assert (event.place.space, event.place.channel, event.value) == ("T111", "C1", "12:a|b")
    assert event.answers == {"hspI": "test"}


def test_foreign_form_names_no_channel(shared: Path) -> None:
    """A form that another app opened says nothing about a channel."""
    body = recorded(shared, "view_submission_b4c348d911")
    assert parse.back(body) == ReplyTarget("W111", trigger="111.222.valid", home=True)


def test_only_people_who_address_the_bot_are_parsed(shared: Path) -> None:
    heard = {
        file.stem
        for file in (shared / "payloads/slack").glob("event-*.json")
        if parse.addressed(json.loads(file.read_text()))
    }
    assert all("app_mention" in name for name in heard)
    assert len(heard) == 6
    direct = recorded(shared, "event-message_1368a3ff8c")
    direct["event"]["channel_type"] = "im"
    assert parse.addressed(direct)
    for key, value in {"subtype": "message_changed", "bot_id": "B1", "edited": {}, "user": "USLACKBOT"}.items():
        changed = {**direct, "event": {**direct["event"], key: value or {"ts": "1"}}}
        assert not parse.addressed(changed), key


def changed(shared: Path, name: str, **inside: Any) -> dict[str, Any]:
    """Return a recorded change of a message, in a direct message with the bot."""
    body = recorded(shared, name)
    body["event"] |= {"channel": "D1", "channel_type": "im", **inside}
    return body


def test_edit_and_deletion_of_a_direct_message_are_followed(shared: Path) -> None:
    body = changed(shared, "event-message-message_changed_d517813dd2")
    body["event"]["message"]["ts"] = "1665102338.901939"
    assert parse.is_direct_change(body)
    assert not parse.addressed(body)
    event = parse.message_changed(body, ADA)
    assert event
    assert (event.message, event.text, event.is_deleted) == ("D1 1665102338.901939", "updated message", False)
    assert event.at.isoformat() == "2022-10-07T00:26:02.013600+00:00"
    body = changed(shared, "event-message-message_deleted_16f941d39b")
    assert parse.is_direct_change(body)
    assert parse.person(body, None).id.endswith("-U111")
    event = parse.message_changed(body, ADA)
    assert event
    assert (event.message, event.text, event.is_deleted) == ("D1 1665368619.804829", "", True)


def test_changes_that_nobody_made_to_a_direct_message_are_dropped(shared: Path) -> None:
    """A preview, the bot's own rewriting, and a message in a channel. A tombstone is a deletion."""
    name = "event-message-message_changed_d517813dd2"
    message = recorded(shared, name)["event"]["message"]
    assert not parse.is_direct_change(changed(shared, name, channel_type="channel"))
    assert not parse.is_direct_change(changed(shared, name, message=message | {"bot_id": "B1"}))
    assert not parse.is_direct_change(changed(shared, name, previous_message=message))
    unedited = {key: value for key, value in message.items() if key != "edited"}
    assert not parse.is_direct_change(changed(shared, name, message=unedited))
    gone = changed(shared, name, message=unedited | {"subtype": "tombstone", "ts": "1665102338.901939"})
    assert parse.is_direct_change(gone)
    assert (event := parse.message_changed(gone, ADA))
    assert event.is_deleted
    assert parse.message_changed(changed(shared, name, ts=None, event_ts="x"), ADA) is None


def test_mention_is_a_command_without_the_bots_name(shared: Path) -> None:
    body = recorded(shared, "event-app_mention_ef6bcab932")
    event = parse.message(body, ADA, "U999")
    assert (event.line, event.root, event.idempotency_key, event.place.space) == (
        "hey",
        "",
        "Ev04SPP46R6J",
        "T0G9PQBBK",
    )
    del body["authorizations"]
    assert parse.message(body, ADA, "U111").line == "hey"


def test_shortcut_in_a_thread_links_into_the_thread(shared: Path) -> None:
    body = recorded(shared, "message_action_706521ff7d")
    body["message"]["thread_ts"] = "1516229000.000001"
    event = parse.shortcut(body, ADA)
    assert event.text == "World's smallest big cat! https://youtube.com/watch?v=W86cTIoMv2U"
    base = "https://pandamonium.slack.com/archives/D0LFFBKLZ/p1516229207000133"
    assert event.link == f"{base}?thread_ts=1516229000.000001&cid=D0LFFBKLZ"
    anywhere = parse.shortcut(recorded(shared, "shortcut_1bdc63ee51"), ADA)
    assert (anywhere.name, anywhere.text, anywhere.link) == ("run-socket-mode", "", "")


def test_every_recorded_request_is_parsed(shared: Path) -> None:
    for file in (shared / "payloads/slack").glob("*.json"):
        body = json.loads(file.read_text())
        who = parse.person(body, None)
        assert parse.space(body), file.name
        assert who.id.startswith(f"{parse.space(body)}-")
        parse.back(body), parse.addressed(body)
        if body.get("type") == "view_submission":
            assert all(isinstance(a, str) for a in parse.submission(body, who).answers.values())
        if body.get("type") == "block_actions":
            assert parse.click(body, who)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    ["user", "team", "view", "event", "channel", "container", "message", "state", "values", "id"]
                ),
                x,
            )
        ),
    )
)
def test_payload_of_any_shape_is_parsed_without_error(inside: Any) -> None:
    body = inside if isinstance(inside, dict) else {"event": inside, "user": inside, "view": inside}
    assert parse.person(body, None).id
    assert isinstance(parse.back(body), ReplyTarget)
    assert parse.shortcut(body, ADA).link is not None
    assert parse.submission(body, ADA).form is not None
    assert parse.addressed(body) in (True, False)
    assert parse.is_direct_change(body) in (True, False)
    parse.message_changed(body, ADA)


def test_body_of_another_shape_is_parsed_as_empty() -> None:
    odd: dict[str, Any] = {
        "authorizations": {"x": 1},
        "actions": "x",
        "view": {"state": {"values": {"a": ["x"], "b": {"c": 1}}}},
    }
    who = parse.person(odd, None)
    assert parse.click(odd, who) == Click(parse.place(odd), who, "", "", ("",))
    assert parse.submission(odd, who).answers == {"a": "", "b": ""}
    assert parse.plain("<|b> <>", "T1") == "<>"


@pytest.mark.parametrize("at", [None, "soon", -1, 10**30, 1.5])
def test_removal_without_a_moment_is_ignored(at: object) -> None:
    gone: dict[str, Any] = {"type": "event_callback", "event": {"type": "app_uninstalled"}, "event_time": at}
    assert parse.taken_out(gone) is None
    assert parse.taken_out(gone | {"event_time": 1_600_000_000}) == datetime(2020, 9, 13, 12, 26, 41, tzinfo=UTC)
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
    assert parse.taken_out(gone | {"event": revoked, "event_time": 1_600_000_000}) is None
