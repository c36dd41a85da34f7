"""The side of the page: the rooms there are, what is new in them, and who you are."""

from adapters.playground.icons import icon
from adapters.playground.posts import BOT, DIRECT, Talk, address, picture
from adapters.playground.tags import Html, tag
from adapters.playground.world import Room, Somebody, direct
from bot.text import gettext as _


def side(talk: Talk, room: str) -> Html:
    world, me = talk.world, talk.me
    channels = world.channels()
    unseen = world.unseen(me, [*(c.id for c in channels), direct(me)])
    rooms = (_door(talk, c, room, unseen[c.id]) for c in channels)
    talks = tag(
        "li",
        tag(
            "a",
            picture([], ""),
            tag("span", BOT, class_="name"),
            count(unseen[direct(me)], DIRECT),
            href=address(me, DIRECT),
            aria_current="page" if room == DIRECT else None,
        ),
    )
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


def _door(talk: Talk, channel: Room, room: str, unseen: int) -> Html:
    return tag(
        "li",
        tag(
            "a",
            icon("hash"),
            tag("span", channel.name, class_="name"),
            count(unseen, channel.id),
            href=address(talk.me, channel.id),
            aria_current="page" if channel.id == room else None,
        ),
    )


def count(n: int, of: str) -> Html:
    return tag(
        "span", tag("span", str(n)), tag("span", _("new"), class_="unseen"), class_="count", data_count=of, hidden=not n
    )


def _switcher(talk: Talk, room: str) -> Html:
    people = talk.world.people()
    me = next(p for p in people if p.id == talk.me)
    others = (
        tag(
            "li",
            tag(
                "a",
                picture(people, p.id),
                _who(p),
                count(talk.world.unseen(p.id, [direct(p.id)])[direct(p.id)], direct(p.id)),
                href=address(p.id, room),
                aria_current="true" if p.id == me.id else None,
            ),
        )
        for p in people
    )
    return tag(
        "nav",
        tag(
            "details",
            tag("summary", picture(people, me.id), _who(me, _("You are")), icon("down")),
            tag("ul", *others),
            id="people",
        ),
        class_="switcher",
        aria_label=_("Who you are"),
    )


def _who(person: Somebody, lead: str = "") -> Html:
    name = tag("span", tag("span", lead, " ", class_="label") if lead else None, person.name, class_="name")
    return tag("span", name, tag("span", role(person), class_="blurb"), class_="who")


def role(person: Somebody) -> str:
    """Who somebody is, in words."""
    manages = _("manages this workspace") if person.can_manage else ""
    return " · ".join(w for w in (person.blurb, manages) if w)
