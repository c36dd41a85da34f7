"""Renders the page: the bar with the clock, the room, and the message box."""

from collections.abc import Sequence

from adapters.html.time_format import Reader, clock_time, day, machine, zone
from adapters.html.writer import Html, join, tag
from adapters.playground.icons import icon, picture, symbols
from adapters.playground.render_posts import BOT, Talk
from adapters.playground.render_sidebar import side
from adapters.playground.workspace_model import Room
from bot.i18n import gettext as _
from bot.i18n import locale

MOVES = ("hour", "day", "next")


def whole(talk: Talk, room: str, at: str, tries: Sequence[str]) -> str:
    """Render the whole page. `at` is the newest change it shows; `tries` are the commands an empty room offers."""
    world = talk.world
    title = _room_title(talk, room)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} – {world.name}"),
        tag("link", rel="icon", href="/static/mark.svg"),
        tag("link", rel="stylesheet", href="/static/playground.css"),
        tag("link", rel="stylesheet", href="/static/figures.css"),
        tag("script", type="module", src="/static/playground.js"),
    )
    body = tag(
        "body",
        tag("a", _("Skip to the message box"), href="#write", class_="skip"),
        symbols(),
        _bar(talk),
        side(talk, room),
        _main(talk, room, title, tries),
        tag("dialog", id="dialog", aria_labelledby="dialog-title", data_left=_("{n} characters left")),
        tag(
            "div",
            id="toasts",
            role="status",
            data_unreachable=_("The playground does not answer. Is it still running?"),
        ),
        data_person=talk.me,
        data_room=room,
        data_at=at,
    )
    return f"<!doctype html>\n{tag('html', head, body, lang=locale())}"


def _room_title(talk: Talk, room: str) -> str:
    channel = talk.world.channel(room)
    return f"#{channel.name}" if channel else BOT


def _bar(talk: Talk) -> Html:
    moves = {"hour": _("+1 hour"), "day": _("+1 day"), "next": _("Next thing that happens")}
    buttons = (tag("button", moves[m], type="button", class_="move", data_move=m) for m in MOVES)
    return tag(
        "header",
        tag(
            "button",
            icon("menu"),
            type="button",
            class_="drawer",
            id="drawer",
            aria_expanded="false",
            aria_controls="side",
            aria_label=_("Channels and people"),
        ),
        tag("p", icon("mark"), tag("span", talk.world.name), class_="brand"),
        tag(
            "section",
            now(talk.reader),
            tag("div", *buttons, role="group", aria_label=_("Move the clock"), class_="moves"),
            class_="clock",
            aria_label=_("Clock"),
        ),
        tag(
            "div",
            icon("clock"),
            tag("p", id="happened", role="status"),
            tag(
                "button",
                icon("close"),
                type="button",
                class_="quiet",
                id="happened-close",
                aria_label=_("Close"),
                hidden=True,
            ),
            class_="happened",
        ),
        class_="bar",
    )


def now(reader: Reader) -> Html:
    """Render the workspace's date and time."""
    at = reader.now
    return tag(
        "p",
        icon("clock"),
        tag(
            "time",
            tag("span", day(reader, at), class_="date"),
            " · ",
            tag("span", clock_time(reader, at), class_="hour"),
            datetime=machine(at),
        ),
        tag("span", zone(reader, at), class_="zone"),
        class_="now",
        id="now",
    )


def _main(talk: Talk, room: str, title: str, tries: Sequence[str]) -> Html:
    channel = talk.world.channel(room)
    topic = channel.topic if channel else _("Only you and {bot} are here.").format(bot=BOT)
    name = join([icon("hash") if channel else picture([], ""), tag("span", channel.name if channel else BOT)])
    posts = talk.everything(room)
    return tag(
        "main",
        tag("header", tag("h1", name), tag("p", topic, class_="topic"), class_="room"),
        tag("p", _("Reconnecting… What you see may be a moment old."), id="away", role="status", hidden=True),
        tag(
            "div",
            tag("div", _empty(title, channel, tries), posts, class_="posts", id="posts"),
            class_="scroll",
            role="log",
            tabindex="0",
            aria_label=_("Messages in {room}").format(room=title),
        ),
        _composer(title),
    )


def _empty(title: str, channel: Room | None, tries: Sequence[str]) -> Html:
    """Render the beginning of a room."""
    words = (
        _(
            "This is the beginning of {room}. Say something to everybody here, or ask {bot} for something: "
            "only you will see its answer."
        )
        if channel
        else _("This is between you and {bot}. Here you can leave out the slash word and write, for instance:")
    )
    offered = (tag("li", tag("button", t, type="button", class_="run", data_fill=t)) for t in tries)
    return tag(
        "section",
        picture([], "") if not channel else tag("span", icon("hash"), class_="picture room-mark"),
        tag("p", title, class_="title"),
        tag("p", words.format(room=title, bot=BOT)),
        tag("ul", *offered, aria_label=_("Commands to try")) if tries else None,
        class_="beginning",
    )


def _composer(title: str) -> Html:
    leave = tag(
        "button", icon("close"), type="button", class_="quiet", id="thread-close", aria_label=_("Leave the thread")
    )
    return tag(
        "form",
        tag("p", tag("span", id="thread-words"), leave, class_="in-thread", id="in-thread", hidden=True),
        tag("ul", id="choices", role="listbox", aria_label=_("Suggestions"), hidden=True),
        tag(
            "div",
            _box(_("Message {room}").format(room=title)),
            tag("button", icon("send"), type="submit", class_="send", aria_label=_("Send")),
            class_="box",
        ),
        tag("p", _("Type / to see what {bot} can do").format(bot=BOT), id="usage", class_="usage"),
        class_="composer",
        id="composer",
        data_thread=_("Replying to {name}"),
    )


def _box(label: str) -> Html:
    return tag(
        "input",
        type="text",
        id="write",
        role="combobox",
        aria_expanded="false",
        aria_controls="choices",
        aria_autocomplete="list",
        aria_label=label,
        placeholder=label,
        aria_describedby="usage",
        autocomplete="off",
        enterkeyhint="send",
    )
