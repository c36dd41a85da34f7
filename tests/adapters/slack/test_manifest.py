"""The app manifest: valid by Slack's own schema, and asking for as little as possible."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from adapters.slack.manifest import SCOPES, THREAD_EVENTS, THREAD_SCOPES, as_yaml, manifest, one_click_link
from tests.adapters.slack.pretend import Pretend

URL = "https://cop.example.org/slack/events"


@pytest.mark.parametrize("url", ["", URL])
def test_manifest_is_valid_by_slacks_schema(app: Pretend, shared: Path, url: str) -> None:
    from peers.slack.check_manifest import check_manifest

    assert check_manifest(manifest(app, url)) == []
    app.commands = app.shortcuts = ()
    assert check_manifest(manifest(app, url)) == []


def test_manifest_names_commands_shortcuts_and_a_reason_for_each_scope(app: Pretend) -> None:
    made = manifest(app)
    member, facilitator, admin = made["features"]["slash_commands"]
    assert member["command"] == "/cop"
    assert member["usage_hint"] == "share [link] [note] | find <words or #topic>"
    assert (facilitator["command"], facilitator["usage_hint"]) == ("/cop-facilitate", "checkin open [name]")
    assert admin["command"] == "/cop-admin"
    assert member["should_escape"]
    [shortcut] = made["features"]["shortcuts"]
    assert (shortcut["name"], shortcut["callback_id"]) == ("Save to resources", "resources.save")
    assert made["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert all(SCOPES.values())
    assert made["settings"]["socket_mode_enabled"]


def test_manifest_names_the_public_address_for_http(app: Pretend) -> None:
    """With a public address, Slack sends everything there."""
    made = manifest(app, URL)
    assert not made["settings"]["socket_mode_enabled"]
    assert made["settings"]["interactivity"]["request_url"] == URL
    assert made["settings"]["event_subscriptions"]["request_url"] == URL
    assert {c["url"] for c in made["features"]["slash_commands"]} == {URL}


def test_manifest_allows_many_workspaces_with_a_redirect_address(app: Pretend, shared: Path) -> None:
    from peers.slack.check_manifest import check_manifest

    made = manifest(app, redirect="https://cop.example.org/slack/oauth")
    assert check_manifest(made) == []
    assert made["oauth_config"]["redirect_urls"] == ["https://cop.example.org/slack/oauth"]
    assert "redirect_urls" not in manifest(app)["oauth_config"]


def test_manifest_hears_threads_only_where_that_is_chosen(app: Pretend, shared: Path) -> None:
    from peers.slack.check_manifest import check_manifest

    made = manifest(app, threads=True)
    assert check_manifest(made) == []
    assert made["oauth_config"]["scopes"]["bot"] == [*SCOPES, *THREAD_SCOPES]
    assert set(THREAD_EVENTS) <= set(made["settings"]["event_subscriptions"]["bot_events"])
    assert "drops all but those replies unread" in made["display_information"]["long_description"]
    usual = str(manifest(app))
    assert not any(name in usual for name in (*THREAD_SCOPES, *THREAD_EVENTS))


def test_manifest_yaml_and_link_hold_the_same(app: Pretend) -> None:
    made = manifest(app)
    assert yaml.safe_load(as_yaml(made)) == made
    asked = parse_qs(urlsplit(one_click_link(made)).query)
    assert asked["new_app"] == ["1"]
    assert json.loads(asked["manifest_json"][0]) == made
