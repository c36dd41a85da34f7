"""The page around the conversation: the clock, the rooms, who you are, and where you write."""

from collections.abc import Sequence

from adapters.playground.posts import BOT, DIRECT, Talk, address, picture
from adapters.playground.tags import Html, icon, join, tag
from adapters.playground.when import Reader, clock_time, day, machine, zone
from adapters.playground.world import Room, Somebody, direct
from bot.text import gettext as _
from bot.text import locale

MOVES = ("hour", "day", "next")

SYMBOLS = {  # each drawn on a square of 24
    "mark": "M12 6.5C9.8 4.7 7 4 3.5 4v14.5c3.5 0 6.3.7 8.5 2.5 2.2-1.8 5-2.5 8.5-2.5V4C17 4 14.2 4.7 12 6.5zM12 6.5V21",
    "hash": "M9.5 3 7.5 21M16.5 3l-2 18M4 8.5h17M3 15.5h17",
    "menu": "M4 6.5h16M4 12h16M4 17.5h16",
    "close": "m6 6 12 12M18 6 6 18",
    "down": "m6 9 6 6 6-6",
    "send": "M4 12 20 4.5 15 20l-3.5-6.5zM11.5 13.5 20 4.5",
    "reply": "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "eye": "M3 12s3.2-6 9-6c1.5 0 2.9.4 4 1M21 12s-3.2 6-9 6c-1.5 0-2.9-.4-4-1M4.5 19.5l15-15",
    "file": "M13.5 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5zM13.5 3v5.5H19",
    "out": "M8 16 17 7M9.5 7H17v7.5",
    "wrong": "M12 7.5v5.5M12 16.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
    "clock": "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
}


def whole(talk: Talk, room: str, at: str, tries: Sequence[str], commands_start: str) -> str:
    """The page. `at` is the newest change it shows; `tries` are commands worth offering where nothing was said yet."""
    world = talk.world
    title = _room_title(talk, room)
    head = tag("head", tag("meta", charset="utf-8"),
               tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
               tag("title", f"{title} – {world.name}"), tag("link", rel="icon", href="/static/mark.svg"),
               tag("link", rel="stylesheet", href="/static/playground.css"),
               tag("script", type="module", src="/static/playground.js"))
    body = tag("body", tag("a", _("Skip to the message box"), href="#write", class_="skip"), _symbols(),
               _bar(talk), _side(talk, room), _main(talk, room, title, tries, commands_start),
               tag("dialog", id="dialog", aria_labelledby="dialog-title", data_left=_("{n} characters left")),
               tag("div", id="toasts", role="status",
                   data_unreachable=_("The playground does not answer. Is it still running?")),
               data_person=talk.me, data_room=room, data_at=at)
    return f"<!doctype html>\n{tag('html', head, body, lang=locale())}"


def _symbols() -> Html:
    drawings = (tag("symbol", tag("path", d=path), id=name, viewBox="0 0 24 24") for name, path in SYMBOLS.items())
    return tag("svg", *drawings, hidden=True, aria_hidden="true")


def _room_title(talk: Talk, room: str) -> str:
    channel = talk.world.channel(room)
    return f"#{channel.name}" if channel else BOT


def _bar(talk: Talk) -> Html:
    moves = {"hour": _("+1 hour"), "day": _("+1 day"), "next": _("Next thing that happens")}
    buttons = (tag("button", moves[m], type="button", class_=f"move {m}", data_move=m) for m in MOVES)
    return tag(
        "header",
        tag("button", icon("menu"), type="button", class_="drawer", id="drawer", aria_expanded="false",
            aria_controls="side", aria_label=_("Channels and people")),
        tag("p", icon("mark"), tag("span", talk.world.name), class_="brand"),
        tag("section", now(talk.reader), tag("div", *buttons, role="group", aria_label=_("Move the clock"),
                                             class_="moves"),
            class_="clock", aria_label=_("Clock")),
        tag("div", tag("p", id="happened", role="status"),
            tag("button", icon("close"), type="button", class_="quiet", id="happened-close", aria_label=_("Close"),
                hidden=True), class_="happened"),
        class_="bar")


def now(reader: Reader) -> Html:
    """The workspace's date and time, in words."""
    at = reader.now
    return tag("p", icon("clock"), tag("time", tag("span", day(reader, at), class_="date"), " ",
                                       tag("span", clock_time(reader, at), class_="hour"), datetime=machine(at)),
               tag("span", zone(reader, at), class_="zone"), class_="now", id="now")


def _side(talk: Talk, room: str) -> Html:
    world, me = talk.world, talk.me
    channels = world.channels()
    unseen = world.unseen(me, [*(c.id for c in channels), direct(me)])
    rooms = (_door(talk, c, room, unseen[c.id]) for c in channels)
    talks = tag("li", tag("a", picture([], ""), tag("span", BOT, class_="name"), count(unseen[direct(me)], DIRECT),
                          href=address(me, DIRECT), aria_current="page" if room == DIRECT else None))
    return tag(
        "div",
        tag("nav", tag("p", _("Channels"), id="channels-label", class_="label"),
            tag("ul", *rooms, aria_labelledby="channels-label"),
            tag("p", _("Direct messages"), id="talks-label", class_="label"),
            tag("ul", talks, aria_labelledby="talks-label"), aria_label=_("Rooms")),
        _switcher(talk, room), class_="side", id="side")


def _door(talk: Talk, channel: Room, room: str, unseen: int) -> Html:
    return tag("li", tag("a", icon("hash"), tag("span", channel.name, class_="name"), count(unseen, channel.id),
                         href=address(talk.me, channel.id), aria_current="page" if channel.id == room else None))


def count(n: int, of: str) -> Html:
    return tag("span", tag("span", str(n)), tag("span", _("new"), class_="unseen"), class_="count", data_count=of,
               hidden=not n)


def _switcher(talk: Talk, room: str) -> Html:
    people = talk.world.people()
    me = next(p for p in people if p.id == talk.me)
    others = (tag("li", tag("a", picture(people, p.id), _who(p),
                            count(talk.world.unseen(p.id, [direct(p.id)])[direct(p.id)], direct(p.id)),
                            href=address(p.id, room), aria_current="true" if p.id == me.id else None)) for p in people)
    return tag("nav", tag("details", tag("summary", picture(people, me.id), tag("span", tag("span", _("You are"),
                          class_="label"), tag("span", me.name, class_="name"), class_="who"), icon("down")),
                          tag("ul", *others), id="people"), class_="switcher", aria_label=_("Who you are"))


def _who(person: Somebody) -> Html:
    return tag("span", tag("span", person.name, class_="name"), tag("span", role(person), class_="blurb"), class_="who")


def role(person: Somebody) -> str:
    """Who somebody is, in words."""
    manages = _("manages this workspace") if person.can_manage else ""
    return " · ".join(w for w in (person.blurb, manages) if w)


def _main(talk: Talk, room: str, title: str, tries: Sequence[str], commands_start: str) -> Html:
    channel = talk.world.channel(room)
    topic = channel.topic if channel else _("Only you and {bot} are here.").format(bot=BOT)
    name = join([icon("hash") if channel else picture([], ""), tag("span", channel.name if channel else BOT)])
    said = talk.everything(room)
    return tag(
        "main",
        tag("header", tag("h1", name), tag("p", topic, class_="topic"), class_="room"),
        tag("p", _("Reconnecting… What you see may be a moment old."), id="away", role="status", hidden=True),
        tag("div", tag("div", _empty(title, channel, tries), said, class_="posts", id="posts"), class_="scroll",
            role="log", tabindex="0", aria_label=_("Messages in {room}").format(room=title)),
        _composer(title, commands_start))


def _empty(title: str, channel: Room | None, tries: Sequence[str]) -> Html:
    """What stands at the beginning of a room."""
    words = (_("This is the beginning of {room}. Say something to everybody here, or ask {bot} for something: "
               "only you will see its answer.") if channel else
             _("Whatever you would type after the slash command, you can simply write here. Nobody else sees it."))
    offered = (tag("li", tag("button", t, type="button", class_="run", data_fill=t)) for t in tries)
    return tag("section", picture([], "") if not channel else tag("span", icon("hash"), class_="picture start"),
               tag("p", title, class_="title"), tag("p", words.format(room=title, bot=BOT)),
               tag("ul", *offered, aria_label=_("Commands to try")) if tries else None, class_="start")


def _composer(title: str, commands_start: str) -> Html:
    label = _("Message {room}").format(room=title)
    return tag(
        "form",
        tag("p", tag("span", id="thread-words"), tag("button", icon("close"), type="button", class_="quiet",
                                                     id="thread-close", aria_label=_("Leave the thread")),
            class_="in-thread", id="in-thread", hidden=True),
        tag("ul", id="choices", role="listbox", aria_label=_("Suggestions"), hidden=True),
        tag("div", tag("input", type="text", id="write", role="combobox", aria_expanded="false",
                       aria_controls="choices", aria_autocomplete="list", aria_label=label, placeholder=label,
                       aria_describedby="usage", autocomplete="off", enterkeyhint="send"),
            tag("button", icon("send"), type="submit", class_="send", aria_label=_("Send")), class_="box"),
        tag("p", _("Type {slash} to see what {bot} can do").format(slash=commands_start, bot=BOT), id="usage",
            class_="usage"),
        class_="composer", id="composer", data_label=label, data_thread=_("Replying to {name}"))
