"""Renders the sidebar: the rooms, what is new in them, and who you are."""

from adapters.html.writer import Html, tag
from adapters.playground.icons import icon, picture
from adapters.playground.render_posts import BOT, DIRECT, Talk, address
from adapters.playground.workspace_model import Somebody, direct
from bot.i18n import gettext as _


def side(talk: Talk, room: str) -> Html:
    world, me = talk.world, talk.me
    channels = world.channels()
    unseen = world.unread(me, [*(c.id for c in channels), direct(me)])
    rooms = (_room_link(talk, c.id, c.name, icon("hash"), unseen[c.id], room) for c in channels)
    talks = _room_link(talk, DIRECT, BOT, picture([], ""), unseen[direct(me)], room)
    return tag(
        "div",
        tag(
            "nav",
            tag("p", _("Channels"), id="channels-label", class_="label"),
            tag("ul", *rooms, aria_labelledby="channels-label"),
            tag("p", _("Direct messages"), id="talks-label", class_="label"),
            tag("ul", talks, aria_labelledby="talks-label"),
            aria_label=_("Rooms"),
        ),
        _switcher(talk, room),
        class_="side",
        id="side",
    )


def _room_link(talk: Talk, id: str, name: str, drawing: Html, unseen: int, room: str) -> Html:
    """Render the link to a room. The open one has nothing new, since the reader sees it."""
    here = id == room
    new = count(0 if here else unseen, id)
    opens = address(talk.me, id)
    return tag(
        "li",
        tag("a", drawing, tag("span", name, class_="name"), new, href=opens, aria_current="page" if here else None),
    )


def count(n: int, of: str) -> Html:
    return tag(
        "span", tag("span", str(n)), tag("span", _("new"), class_="unseen"), class_="count", data_count=of, hidden=not n
    )


def _switcher(talk: Talk, room: str) -> Html:
    people = talk.world.people()
    me = next(p for p in people if p.id == talk.me)
    you = tag("span", tag("span", _("You are"), class_="blurb"), tag("span", me.name, class_="name"), class_="who")
    summary = tag("summary", picture(people, me.id), you, icon("down"))
    others = (_person_link(talk, people, p, room) for p in people)
    return tag(
        "nav",
        tag("details", summary, tag("ul", *others), id="people"),
        class_="switcher",
        aria_label=_("Who you are"),
    )


def _person_link(talk: Talk, people: list[Somebody], person: Somebody, room: str) -> Html:
    """Render the link to become a person, with how many of the bot's messages they haven't seen."""
    unread_count = talk.world.unread(person.id, [direct(person.id)])[direct(person.id)]
    blurb = tag("span", role(person), class_="blurb")
    who = tag("span", tag("span", person.name, class_="name"), blurb, class_="who")
    return tag(
        "li",
        tag(
            "a",
            picture(people, person.id),
            who,
            count(unread_count, direct(person.id)),
            href=address(person.id, room),
            aria_current="true" if person.id == talk.me else None,
        ),
    )


def role(person: Somebody) -> str:
    """Say who someone is."""
    manages = _("manages this workspace") if person.can_manage else ""
    return " · ".join(w for w in (person.blurb, manages) if w)
