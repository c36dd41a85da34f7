"""Notices to facilitators that a channel can't be reached or the bot was removed: what happened and how to fix it."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.core.context import Context
from bot.i18n import gettext as _
from bot.ui import Message, Note, Text, ToPerson
from bot.ui.markup import channel, command, esc, moment
from storage.messaging import outbox
from storage.people import people

# One more reason besides Undeliverable.REASONS: the attempt failed, and no platform said why.
KEPT_FAILING = "kept failing"


def reason(why: str) -> str:
    """Return one of Undeliverable.REASONS, or KEPT_FAILING, in words for people."""
    return {
        "direct messages closed": _("direct messages closed"),
        "channel gone": _("the channel is gone"),
        "not in the channel": _("I am not in the channel"),
        "no permission": _("I may not write there"),
        "may not make events": _("I may not make events there"),
        "person gone": _("the person is gone"),
        "removed from the space": _("I was removed from that workspace or server"),
        "refused": _("the platform refused it"),
        KEPT_FAILING: _("it failed again and again"),
    }.get(why, esc(why))


def undeliverable(community: str, place: str, *, here: bool, why: str, name: str = "") -> Message:
    """Return the notice for facilitators. `here` means that the reader is on the channel's platform.

    `place` is the channel's id, which is shown as its name only there, and `name` its last name, "" if not known.
    """
    shown = channel(place, name or place) if here else f"#{esc(name)}" if name else esc(place)
    return Message(
        (
            Text(
                _("A message of {name} could not be posted in {channel}: {why}.").format(
                    name=esc(community), channel=shown, why=reason(why)
                )
            ),
            Text(_fix(why)),
            Note(
                _(
                    "It is kept. Once this is mended, an admin presses Retry in {status}. "
                    "I say this once; others see nothing of it."
                ).format(status=command("status", "admin"))
            ),
        ),
        title=_("I cannot post"),
    )


def key(session: Session, community: int, where: str, why: str) -> str:
    """Return the key of a notice about a place: another one only after something has arrived there."""
    last_arrival = outbox.last_heard(session, community, where)
    return f"troubles.{where}.{why}.{last_arrival.timestamp() if last_arrival else 0:.0f}"


def post(ctx: Context, key: str, platform: str, view: Callable[..., Message], *args: object, **kwargs: object) -> None:
    """Post a notice about a place on a platform to each facilitator. `here` tells the view whether they are there."""
    for facilitator in people.facilitators(ctx.session, ctx.community_id):
        id = people.key(facilitator)
        here = any(account.platform == platform for account in people.accounts(ctx.session, id)[:1])
        ctx.post(ToPerson(id), key, view, *args, here=here, **kwargs)


def unreachable(community: str, place: str, name: str, *, here: bool, why: str, happened: str) -> Message:
    """Return the notice that a channel can't be reached any more, for facilitators.

    `place` is its id and `name` its last name, "" if not known. `happened` is "archived" or "deleted" where that is
    known.
    """
    shown = channel(place, name or place) if here and happened != "deleted" else f"**#{esc(name or place)}**"
    names = {"channel": shown, "name": esc(community)}
    match happened:
        case "deleted":
            what = _("{channel}, where {name} lives, was deleted.").format(**names)
        case "archived":
            what = _("{channel}, where {name} lives, was archived.").format(**names)
        case _:
            what = _("I can’t post in {channel} anymore, where {name} lives: {why}.").format(**names, why=reason(why))
    return Message(
        (
            Text(what),
            Text(_fix(why)),
            Note(_("What I’d post there waits. I say this once, and only to facilitators.")),
        ),
        title=_("I cannot post"),
    )


def removed(community: str, space: str) -> Message:
    """Return the notice that the bot was removed, for facilitators in another space. `space` is a name, not an id."""
    return Message(
        (
            Text(
                _(
                    "I was taken out of {space}, so nothing more of {name} reaches people there, and what waited "
                    "was stopped."
                ).format(space=esc(space), name=esc(community))
            ),
            Text(_("Whoever manages {space} can install me again; then I go on by myself.").format(space=esc(space))),
            Note(
                _(
                    "What the community wrote is kept until it is deleted. Whoever runs the bot can delete "
                    "everything of {space}. I say this once, to those who facilitate."
                ).format(space=esc(space))
            ),
        ),
        title=_("I was taken out"),
    )


def token_refused(platform: str) -> Message:
    """Return the notice that a platform doesn't accept the bot's token, for facilitators on another one."""
    name = platform.title()
    return Message(
        (
            Text(
                _("{platform} doesn’t accept my token anymore, so I can’t post there or answer.").format(platform=name)
            ),
            Text(
                _(
                    "The person who runs me can fix it: `cop doctor` shows how. "
                    "Messages that are waiting are sent when the token works."
                )
            ),
            Note(_("I say this once, to facilitators I can reach elsewhere.")),
        ),
        title=_("I can’t reach {platform}").format(platform=name),
    )


def stays(place: str, sent_at: datetime | None, *, here: bool) -> Message:
    """Return the notice that a message shows somebody who has gone, and can't be changed.

    `place` is its channel's id, "" if the message was sent to the reader or its channel isn't known. `here` means that
    the reader is on its platform.
    """
    when = moment(sent_at, "day") if sent_at else _("an earlier day")
    if place:
        text = _("A message of mine in {channel}, from {when}, shows someone who isn’t here anymore.").format(
            channel=channel(place, place) if here else esc(place), when=when
        )
    else:
        text = _("A message of mine from {when} shows someone who isn’t here anymore.").format(when=when)
    return Message(
        (Text(text), Text(_("I’m not allowed to change it. Please delete it, and others like it from that day."))),
        title=_("Please delete a message"),
    )


def _fix(why: str) -> str:
    match why:
        case "channel gone":
            return _(
                "If it was archived, bring it back. If it was deleted, an admin types {bind} in the channel that "
                "takes its place."
            ).format(bind=command("channel bind", "admin"))
        case "not in the channel":
            return _("Somebody who is in the channel invites me again: on Slack, by typing /invite and my name.")
        case "may not make events":
            return _(
                "It is the next meeting among the server’s events. Whoever manages the server can give my role Create "
                "Events; without it, the meeting’s card and reminders come all the same."
            )
        case "no permission":
            return _(
                "Whoever manages the channel lets me write in it: on Discord, View Channel, Send Messages and Create "
                "Public Threads; on Slack, who may post."
            )
        case "removed from the space":
            return _("Whoever manages that workspace or server invites me again.")
        case _:
            return _("Whoever looks after the bot finds the cause in its log.")
