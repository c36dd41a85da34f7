"""Turns what Slack sends into events. Pure: Slack's dictionaries in, the bot's dataclasses out.

Slack leaves values out, or sends null, in many places, so nothing is assumed to be there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.core.events import Click, Command, HomeOpened, MessageChanged, Place, PlatformUser, Shortcut, Submission
from bot.core.resolver import SUFFIX

Body = Mapping[str, Any]

# Stands for the choice "", since Slack takes no empty option value.
EMPTY = "(none)"
# What the name of a field ends with that holds the rest of a text.
MORE = "~more"
# The elements in which people write.
WRITTEN = ("plain_text_input", "number_input")
# The action of a button that only this adapter knows: it repeats the command in its value.
AGAIN = "slack.again"
# The action of a link button. Slack reports the click, but the bot has nothing to do.
LINK = "slack.link"
TOKEN = re.compile(r"<([^<>]+)>")
CHANNEL = re.compile(r"[CDG][A-Z0-9]+")
# Slack names no moment later than this.
LATEST = 2**32  # seconds since 1970


@dataclass(frozen=True)
class Profile:
    """What Slack knows about a person and its events leave out."""

    name: str
    zone: str
    locale: str
    can_manage: bool
    # The workspaces and the organization (Enterprise Grid) they belong to, as far as Slack says so.
    teams: frozenset[str] = frozenset()
    enterprise: str = ""


@dataclass(frozen=True)
class ReplyTarget:
    """The ways to answer the person who acted, for as long as Slack keeps them open.

    `trigger` opens one form, within three seconds. `replaceable`: they acted on a message that only they can see.
    `home`: they acted on the bot's own page.
    """

    user: str
    channel: str = ""
    thread: str = ""
    response_url: str = ""
    trigger: str = ""
    replaceable: bool = False
    home: bool = False


def part(body: Body, name: str) -> Body:
    """Return a dictionary inside `body`, empty if there is none (Slack sends null in places)."""
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def first(body: Body, name: str) -> Body:
    """Return the first dictionary of a list inside `body`, empty if there is none."""
    found = body.get(name)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], Mapping) else {}


def first_of(fields: Body, name: str) -> Body:
    """Return the one element of a form's field, empty if there is none."""
    found: Any = next(iter(part(fields, name).values()), {})
    return found if isinstance(found, Mapping) else {}


def space(body: Body) -> str:
    """Return the workspace the bot is installed in. In a shared channel, some people belong to another."""
    granted = first(body, "authorizations")
    return str(
        part(body, "view").get("app_installed_team_id")
        or granted.get("team_id")
        or body.get("team_id")
        or part(body, "team").get("id")
        or part(body, "user").get("team_id")
        or ""
    )


def user(body: Body) -> str:
    """Return Slack's id of the person who acted, "" if nobody did."""
    event = part(body, "event")
    who = event.get("user") or _changed(event).get("user") or body.get("user_id") or part(body, "user").get("id") or ""
    return who if isinstance(who, str) else ""


def person(body: Body, known: Profile | None) -> PlatformUser:
    """Build the person who acted. Without a profile (`known`), their time zone is left open."""
    id, team = f"{space(body)}-{user(body)}", home_team(body, known)
    home_id = "" if team == space(body) else f"{team}-{user(body)}"
    if known:
        # What somebody may do at home says nothing about this workspace.
        manages = known.can_manage and not home_id
        return PlatformUser(id, known.name, known.locale or "en", known.zone, manages, home_id=home_id)
    who = part(body, "user")
    name = str(who.get("name") or who.get("username") or body.get("user_name") or user(body))
    return PlatformUser(id, name, home_id=home_id)


def home_team(body: Body, known: Profile | None) -> str:
    """Return the workspace of the person who acted, which is another in a channel that companies share (Slack Connect).

    Workspaces of one organization (Enterprise Grid) count as one. In events, Slack names the organization of somebody
    from another one, and their profile (`known`) says the workspace.
    """
    here, event = space(body), part(body, "event")
    own = {here, _enterprise(body)} - {""}
    if known and known.teams:
        return here if own & (known.teams | {known.enterprise}) else min(known.teams)
    said = str(part(body, "user").get("team_id") or event.get("user_team") or event.get("source_team") or "")
    return said if said and said not in own else here


def _enterprise(body: Body) -> str:
    """Return the organization of the workspace the bot is installed in, "" if it belongs to none."""
    granted = first(body, "authorizations") or body
    return str(part(body, "enterprise").get("id") or granted.get("enterprise_id") or "")


def profile(who: Body) -> Profile:
    """Read Slack's user object, from users.info or a user_change event."""
    details, grid = part(who, "profile"), part(who, "enterprise_user")
    name = details.get("display_name") or details.get("real_name") or who.get("real_name") or who.get("name")
    return Profile(
        str(name or who.get("id") or ""),
        str(who.get("tz") or ""),
        str(who.get("locale") or ""),
        bool(who.get("is_admin") or who.get("is_owner")),
        frozenset({str(team) for team in (who.get("team_id"), *_teams(grid)) if team}),
        str(grid.get("enterprise_id") or ""),
    )


def _teams(grid: Body) -> list[Any]:
    teams = grid.get("teams")
    return teams if isinstance(teams, list) else []


def place(body: Body, channel: str = "") -> Place:
    """Say where they acted. Without a channel, that is the bot's own page or a form opened from there."""
    team = part(body, "team")
    name = str(team.get("domain") or body.get("team_domain") or "")
    is_direct = channel.startswith("D") or not channel
    return Place("slack", space(body), channel, is_direct, name, _kind(body))


def _kind(body: Body) -> str:
    """Return the kind of the channel, which only its name tells: Slack names group messages for their people."""
    name = str(body.get("channel_name") or part(body, "channel").get("name") or "")
    return "group message" if name.startswith("mpdm-") else "unknown"


def root(body: Body, word: str) -> str | None:
    """Return which of the bot's three slash commands was typed, None for any other. `word` is the root word."""
    return next((name for name, suffix in SUFFIX.items() if body.get("command") == f"/{word}{suffix}"), None)


def command(body: Body, who: PlatformUser, word: str) -> Command:
    line = plain(str(body.get("text") or ""), space(body))
    return Command(place(body, _channel(body)), who, line, root(body, word) or "", trigger(body))


def trigger(body: Body) -> str:
    """Return Slack's id of one thing that somebody did, "" if there is none. It is the same if that is sent twice."""
    return str(body.get("trigger_id") or "")


def addressed(body: Body) -> bool:
    """Return whether a person wrote to the bot, by mention or in a direct message. It reads nothing else."""
    event = part(body, "event")
    spoken = event.get("type") == "app_mention" or event.get("channel_type") == "im"
    written = not any(event.get(key) for key in ("subtype", "bot_id", "edited", "hidden"))
    return spoken and written and bool(user(body)) and user(body) != "USLACKBOT"


def _changed(event: Body) -> Body:
    """Return the message that was edited or deleted, as it was before if it is gone; empty for any other event."""
    match event.get("subtype"):
        case "message_changed":
            return part(event, "message")
        case "message_deleted":
            return part(event, "previous_message")
    return {}


def is_direct_change(body: Body) -> bool:
    """Return whether a person edited or deleted what they wrote to the bot in a direct message.

    Slack also says so when it adds a preview, or when the bot changes a message of its own.
    """
    event = part(body, "event")
    changed, before = _changed(event), part(event, "previous_message")
    if event.get("channel_type") != "im" or not changed or changed.get("bot_id") or not user(body):
        return False
    edited = part(changed, "edited")
    return _is_deleted(event) or (bool(edited) and edited != part(before, "edited"))


def _is_deleted(event: Body) -> bool:
    """Return whether a message is gone. One with replies leaves a tombstone."""
    return event.get("subtype") == "message_deleted" or _changed(event).get("subtype") == "tombstone"


def message_changed(body: Body, who: PlatformUser) -> MessageChanged | None:
    """Read the edit or the deletion of a direct message. None if Slack doesn't say when it was, or of which."""
    event = part(body, "event")
    changed, is_deleted = _changed(event), _is_deleted(event)
    at, ts = _moment(event.get("event_ts") or event.get("ts")), str(changed.get("ts") or event.get("deleted_ts") or "")
    if at is None or not ts:
        return None
    where = place(body, str(event.get("channel") or ""))
    text = "" if is_deleted else plain(str(changed.get("text") or ""), where.space)
    once = str(body.get("event_id") or "")
    return MessageChanged(where, who, f"{where.channel} {ts}", at, text, is_deleted, once)


def _moment(ts: Any) -> datetime | None:
    try:
        seconds = float(ts)
    except (TypeError, ValueError):
        return None
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < LATEST else None


def message(body: Body, who: PlatformUser, bot: str) -> Command:
    """Read a message to the bot as a command. `bot` is the bot's user id; its mention is left out of the line."""
    event = part(body, "event")
    granted = first(body, "authorizations")
    named = re.escape(str(granted.get("user_id") or bot))
    text = re.sub(rf"<@{named}(\|[^>]*)?>", "", str(event.get("text") or ""), count=1)
    at = place(body, str(event.get("channel") or ""))
    top = str(event.get("thread_ts") or "")
    replies_to = (f"{at.channel} {top}",) if top and not at.direct else ()
    once = str(body.get("event_id") or "")
    ts = str(event.get("ts") or "")
    own = f"{at.channel} {ts}" if at.direct and ts else ""
    return Command(at, who, plain(text, at.space), idempotency_key=once, replies_to=replies_to, message=own)


def thread_reply(body: Body) -> tuple[str, str, str] | None:
    """Return the workspace, the channel and the message at the top, if a person replied in a thread; else None.

    It doesn't look at the text. A reply that is shown in the channel too is a message there, and none to a question.
    """
    event = part(body, "event")
    channel, top, ts = (str(event.get(name) or "") for name in ("channel", "thread_ts", "ts"))
    spoken = event.get("type") == "message" and event.get("channel_type") in ("channel", "group")
    written = not any(event.get(key) for key in ("subtype", "bot_id", "edited", "hidden"))
    if not (spoken and written and channel and top and top != ts and user(body) and user(body) != "USLACKBOT"):
        return None
    return space(body), channel, f"{channel} {top}"


def overheard(body: Body, who: PlatformUser, bot: str) -> Command | None:
    """Read a reply under a question. None if it names the bot, which Slack says in another event."""
    granted = first(body, "authorizations")
    own = str(granted.get("user_id") or bot)
    if f"<@{own}" in str(part(body, "event").get("text") or ""):
        return None
    return replace(message(body, who, bot), is_addressed=False, is_overheard=True)


@dataclass(frozen=True)
class ChannelChange:
    """What happened to a channel. `problem` and `happened` are those of bot.operations.places.ChannelState.

    `name` is its new name, and `new_id` its new id, where that is what happened.
    """

    channel: str
    problem: str = ""
    happened: str = ""
    name: str = ""
    new_id: str = ""


# By what an event's type ends with: the problem, and what happened.
CHANGES = {
    "_archive": ("channel gone", "archived"),
    "_unarchive": ("", ""),
    "_deleted": ("channel gone", "deleted"),
    "_left": ("not in the channel", ""),
}
# Both are told of everyone. Only what they say of the bot is read.
MEMBERS = {"member_left_channel": "not in the channel", "member_joined_channel": ""}


def channel_change(body: Body, bot: str) -> ChannelChange | None:
    """Read what happened to a channel, None for any other event. `bot` is the bot's user id.

    Only `channel_id_changed` comes with the scopes that the app asks for. The others come where the app was given more.
    """
    event = part(body, "event")
    kind = str(event.get("type") or "")
    channel = str(part(event, "channel").get("id") or event.get("channel") or "")
    if kind == "channel_id_changed":
        return ChannelChange(str(event.get("old_channel_id") or ""), new_id=str(event.get("new_channel_id") or ""))
    if kind in MEMBERS:
        own = {bot, str(first(body, "authorizations").get("user_id") or "")} - {""}
        return ChannelChange(channel, MEMBERS[kind]) if user(body) in own else None
    base, under, ending = kind.partition("_")
    if base not in ("channel", "group") or not channel:
        return None
    if ending == "rename":
        return ChannelChange(channel, name=str(part(event, "channel").get("name") or ""))
    change = CHANGES.get(f"{under}{ending}")
    return ChannelChange(channel, *change) if change else None


def taken_out(body: Body) -> datetime | None:
    """Return when the bot was removed from the workspace or its token revoked, None for any other event."""
    event = part(body, "event")
    out = event.get("type") == "app_uninstalled"
    revoked = event.get("type") == "tokens_revoked" and bool(part(event, "tokens").get("bot"))
    # Whole seconds: it may have happened up to a second later, so one is added.
    at = body.get("event_time")
    if not (out or revoked) or not isinstance(at, int) or not 0 < at < LATEST:
        return None
    return datetime.fromtimestamp(at + 1, UTC)


def home(body: Body, who: PlatformUser) -> HomeOpened:
    return HomeOpened(place(body), who, idempotency_key=str(body.get("event_id") or ""))


def click(body: Body, who: PlatformUser) -> Click | Command | None:
    """Read a click. None for a link button, whose link Slack has already opened."""
    pressed = first(body, "actions")
    action, _bar, value = str(pressed.get("action_id") or "").partition("|")
    at = place(body, _channel(body))
    if action == LINK:
        return None
    if action == AGAIN:
        root, _bar, line = str(pressed.get("value") or "").partition("|")
        return Command(at, who, line, root, trigger(body))
    chosen = () if pressed.get("type") == "button" else (_answer(pressed),)
    return Click(at, who, action, value, chosen, trigger(body))


def shortcut(body: Body, who: PlatformUser) -> Shortcut:
    """Read a message action, with the text of the message and a link to it, "" if the domain isn't known."""
    written = part(body, "message")
    at = place(body, _channel(body))
    ts, domain = str(body.get("message_ts") or written.get("ts") or ""), part(body, "team").get("domain")
    link = f"https://{domain}.slack.com/archives/{at.channel}/p{ts.replace('.', '')}"
    if (thread := str(written.get("thread_ts") or "")) not in ("", ts):
        link += f"?thread_ts={thread}&cid={at.channel}"
    text = plain(str(written.get("text") or ""), "")
    return Shortcut(at, who, str(body.get("callback_id")), text, link if domain and ts else "", trigger(body))


def submission(body: Body, who: PlatformUser) -> Submission:
    """Read a submitted form, in the channel where it was opened."""
    view = part(body, "view")
    channel, value = metadata(view)
    fields = part(part(view, "state"), "values")
    answers = {name: _answer(first_of(fields, name), space(body)) for name in fields if fields[name]}
    written = tuple(name for name in answers if first_of(fields, name).get("type") in WRITTEN)
    for name in [name for name in answers if name.endswith(MORE)]:
        whole = name.removesuffix(MORE)
        answers[whole] = answers.get(whole, "") + answers.pop(name)
    written = tuple(name for name in written if name in answers)
    return Submission(place(body, channel), who, str(view.get("callback_id")), value, answers, written=written)


def metadata(view: Body) -> tuple[str, str]:
    """Return the channel a form was opened in ("" for none) and the form's value."""
    channel, _bar, value = str(view.get("private_metadata") or "").partition("|")
    return (channel if CHANNEL.fullmatch(channel) else ""), value


def back(body: Body) -> ReplyTarget:
    """Collect the ways to answer from whatever kind of body it is."""
    container, event = part(body, "container"), part(body, "event")
    view = part(body, "view")
    channel = metadata(view)[0] if view else str(event.get("channel") or _channel(body))
    thread = event.get("thread_ts") or container.get("thread_ts") or part(body, "message").get("thread_ts")
    return ReplyTarget(
        user(body),
        channel,
        str(thread or ""),
        str(body.get("response_url") or ""),
        str(body.get("trigger_id") or ""),
        bool(container.get("is_ephemeral")) or (bool(container) and channel.startswith("D")),
        view.get("type") == "home" or (bool(view) and not channel),
    )


def plain(text: str, space: str) -> str:
    """Convert Slack's text to plain text with ids: `<@T1-U1>` a person, `<#C1>` a channel, `<@&S1>` a user group.

    Without `space` the text is only for reading, and names replace ids where Slack gives them.
    """

    def one(found: re.Match[str]) -> str:
        target, _bar, label = found[1].partition("|")
        match target[:1], target[1:]:
            case ["@", id]:
                return f"<@{space}-{id}>" if space else f"@{label or id}"
            case ["#", id]:
                return f"<#{id}>" if space or not label else f"#{label}"
            case ["!", rest] if rest.startswith("subteam^"):
                return f"<@&{rest[8:]}>" if space or not label else label
            case ["!", rest]:
                return label if rest.startswith("date^") else f"@{rest}"
        scheme = target.partition(":")[0]
        return label or target.partition(":")[2] if scheme in ("mailto", "tel") else target

    return TOKEN.sub(one, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _channel(body: Body) -> str:
    inside = part(body, "channel").get("id") or part(body, "container").get("channel_id")
    return str(body.get("channel_id") or inside or "")


def _answer(field: Any, space: str = "") -> str:
    """Return what was typed in a field or chosen in a menu. Several choices are separated by a space."""
    if not isinstance(field, Mapping):
        return ""
    if isinstance(users := field.get("selected_users"), list) and users:
        return " ".join(f"{space}-{id}" for id in users)
    if isinstance(options := field.get("selected_options"), list) and options:
        return " ".join(_value(o) for o in options if isinstance(o, Mapping))
    if option := part(field, "selected_option"):
        return _value(option)
    found = field.get("selected_conversation") or field.get("selected_date") or field.get("value") or ""
    return found if isinstance(found, str) else ""


def _value(option: Body) -> str:
    value = str(option.get("value") or "")
    return "" if value == EMPTY else value
