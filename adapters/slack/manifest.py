"""The app manifest: commands, shortcuts, and scopes, as a workspace admin gives them to Slack to create the app."""

import json
from typing import Any
from urllib.parse import quote

import yaml

from bot.core.app import App
from bot.core.resolver import SUFFIX
from bot.ui.markup import cut

Manifest = dict[str, Any]

# Every scope the bot asks for, and why. The documentation and the page that installs the bot show this table.
SCOPES = {
    "app_mentions:read": "to hear when somebody mentions the bot in a channel it is in",
    "chat:write": "to post cards where the bot was invited, and to answer people privately",
    "commands": "to take slash commands and message shortcuts",
    "files:write": "to hand over an export as a file",
    "im:history": "to read what people write to the bot itself, in their direct messages with it",
    "users:read": "to know a person's name, time zone and language, and whether they run the workspace",
}
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_id_changed",
    "message.im",
    "tokens_revoked",
    "user_change",
)
# What `cop manifest slack --threads` adds, so that people can answer in the thread under a question, if they choose so.
# Slack then sends every message of the channels that the bot is in, and the bot drops all others unread.
THREAD_SCOPES = {
    "channels:history": "to look at replies under its own questions in public channels; it drops every other message",
    "groups:history": "the same in private channels",
}
THREAD_EVENTS = ("message.channels", "message.groups")
NAME = "Commonplace"
WHAT = "Keeps a community of practice learning between its meetings."
ABOUT = (
    "Commonplace reminds people of the next meeting, asks a short question between meetings and weaves the answers "
    "together, collects what members find useful, and keeps the agenda. It reads nothing but commands, mentions and "
    "what people write to it directly. Members join by their own word and can see, download or delete what it keeps."
)
ABOUT_THREADS = (
    " This installation also lets people answer in the thread under a question. Slack sends it every message of the "
    "channels it is in for that, and it drops all but those replies unread."
)
FOR = {
    "member": "Take part: answer, share, find, see what is open",
    "facilitator": "Run the rhythm: check-ins, prompts, meetings, agenda",
    "admin": "Set the community up: cadence, channels, roles, records",
}


def manifest(app: App, url: str = "", redirect: str = "", *, threads: bool = False) -> Manifest:
    """Return the manifest for Socket Mode, or for HTTP mode if `url` is given.

    `url` is the public address of this bot's `/slack/events`. `redirect` is that of its `/slack/oauth`, with which many
    workspaces can install it. `threads` adds what it takes to hear replies under the bot's questions.
    """
    scopes = [*SCOPES, *(THREAD_SCOPES if threads else ())]
    about = ABOUT + (ABOUT_THREADS if threads else "")
    address = {"request_url": url} if url else {}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": NAME,
            "description": WHAT,
            "long_description": about,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            **({"shortcuts": shortcuts} if (shortcuts := _shortcuts(app)) else {}),
            "slash_commands": [_command(app, root, url) for root in SUFFIX],
        },
        "oauth_config": {**({"redirect_urls": [redirect]} if redirect else {}), "scopes": {"bot": scopes}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": [*EVENTS, *(THREAD_EVENTS if threads else ())]},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(manifest: Manifest) -> str:
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=1_000)


def one_click_link(manifest: Manifest) -> str:
    """Return the address of Slack's page for a new app, with everything filled in."""
    written = json.dumps(manifest, separators=(",", ":"), ensure_ascii=False)
    return f"https://api.slack.com/apps?new_app=1&manifest_json={quote(written, safe='')}"


def _command(app: App, root: str, url: str) -> dict[str, Any]:
    names = [spec.usage for spec in app.commands if spec.root == root]
    return {
        "command": f"/{app.root}{SUFFIX[root]}",
        "description": FOR[root],
        **({"usage_hint": cut(" | ".join(names), 1_000)} if names else {}),
        # People and channels arrive as ids, whatever they are called.
        "should_escape": True,
        **({"url": url} if url else {}),
    }


def _shortcuts(app: App) -> list[dict[str, str]]:
    return [
        {"name": s.label, "type": "message", "callback_id": s.name, "description": f"{s.label} with {NAME}"}
        for s in app.shortcuts
    ]
