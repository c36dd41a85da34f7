"""Reads what Slack might send: a request body, parsed as every kind of event that it could be."""

import json
from typing import Any

from adapters.slack import parse as slack
from bot.core.events import AutocompleteQuery, Event

PEOPLE = (None, slack.Profile("Mei", "Europe/Madrid", "es-ES", True))


def body_of(data: bytes) -> Any:
    """Return the payload, None if it isn't a JSON object, which never reaches the parser."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read_all(body: Any) -> list[Event | None]:
    slack.back(body)
    slack.root(body, "cop")
    slack.addressed(body)
    slack.profile(slack.part(slack.part(body, "event"), "user"))
    found: list[Event | None] = []
    for known in PEOPLE:
        who = slack.person(body, known)
        found += [slack.command(body, who, "cop"), slack.message(body, who, "U0"), slack.home(body, who)]
        found += [slack.click(body, who), slack.shortcut(body, who), slack.submission(body, who)]
    return found


def read(data: bytes) -> None:
    body = body_of(data)
    if body is not None:
        for event in read_all(body):
            holds_words(event)


def holds_words(event: Event | AutocompleteQuery | None) -> None:
    """Assert that whatever is passed on as text is text, since the core relies on it."""
    for value in vars(event).values() if event else ():
        for inner in vars(value).values() if hasattr(value, "__dataclass_fields__") else (value,):
            assert isinstance(inner, str | bool | int | tuple | dict | type(None)), (event, inner)
            if isinstance(inner, tuple):
                assert all(isinstance(each, str) for each in inner), (event, inner)
            if isinstance(inner, dict):
                assert all(isinstance(each, str) for pair in inner.items() for each in pair), (event, inner)


_WHO = {"id": "U1", "name": "mei", "team_id": "T1"}
_TEAM = {"id": "T1", "domain": "youth"}
SEEDS = tuple(
    json.dumps(body)
    for body in (
        {
            "command": "/cop",
            "text": "share <@U2|ben> &amp; <#C1|room>",
            "team_id": "T1",
            "user_id": "U1",
            "channel_id": "C1",
        },
        {
            "type": "block_actions",
            "user": _WHO,
            "team": _TEAM,
            "container": {"channel_id": "C1", "is_ephemeral": True, "thread_ts": "1.2"},
            "actions": [{"action_id": "rsvp.yes|1:7", "type": "static_select", "selected_option": {"value": "(none)"}}],
            "response_url": "https://hooks.example/1",
        },
        {
            "type": "view_submission",
            "user": _WHO,
            "team": None,
            "view": {
                "callback_id": "rounds.answer",
                "private_metadata": "C1|1:1",
                "app_installed_team_id": "T1",
                "state": {
                    "values": {
                        "body": {"x": {"type": "plain_text_input", "value": "Hi"}},
                        "with": {"x": {"selected_users": ["U1", "U2"]}},
                        "ticks": {"x": {"selected_options": [{"value": "a"}, {"value": "(none)"}]}},
                        "where": {"x": {"selected_conversation": "C2"}},
                    }
                },
            },
        },
        {
            "type": "message_action",
            "callback_id": "resources.save",
            "user": _WHO,
            "team": _TEAM,
            "channel": {"id": "C1"},
            "message_ts": "17.3",
            "message": {"text": "see <https://e.example|this> <!subteam^S1|all>", "ts": "17.3", "thread_ts": "17.1"},
        },
        {
            "type": "event_callback",
            "event_id": "Ev1",
            "team_id": "T1",
            "authorizations": [{"team_id": "T1", "user_id": "U0"}],
            "event": {"type": "app_mention", "user": "U1", "text": "<@U0> help", "channel": "D1", "channel_type": "im"},
        },
    )
)
VOCABULARY = (
    "authorizations",
    "actions",
    "selected_option",
    "view",
    "state",
    "values",
    "event",
    "user",
    "(none)",
    "<!date^1^x|",
)
