"""Messages to others once a community has started."""

from collections.abc import Sequence

from bot.core import signals
from bot.domain import limit_words
from bot.domain.limit_words import Promise
from bot.i18n import gettext as _
from bot.ui import Button, Message, Note, Part, Quote, Text, card
from bot.ui.markup import command, cut, esc, mention
from storage.people import people
from storage.people.people import Person

# People named in the welcome.
MOST_NAMED = 15


def _person(who: Person) -> str:
    return mention(people.key(who), who.name)


def welcome(
    community: str,
    purpose: str,
    facilitators: Sequence[Person] = (),
    admin: Person | None = None,
    *,
    promise: Promise,
    reads_threads: bool = False,
) -> Message:
    """The welcome in the channel. It says who reads answers to the facilitators, and who set the community up."""
    parts: list[Part] = [Text(_("From now on I help this community go on learning between its meetings."))]
    if purpose:
        parts.append(Quote(cut(purpose, 600)))
    parts.append(
        Text(
            _(
                "- I remind you of meetings, and ask short questions. {limit} A facilitator can ask one too\n"
                "- You answer by a button, and choose who reads it: everyone here, the facilitators, or only you\n"
                "- I don’t read this channel. I only see what you send me: buttons, forms, commands, mentions, direct "
                "messages, and messages you pick from a menu"
            ).format(limit=limit_words.here(promise))
        )
    )
    if reads_threads:
        parts.append(
            Note(
                _(
                    "Slack sends me this channel’s messages, so that you can answer in the thread under a question. I "
                    "drop all others unread."
                )
            )
        )
    if facilitators and admin:
        led = _("Facilitators: {names}. Set up by {admin}.")
        names = ", ".join(_person(who) for who in facilitators[:MOST_NAMED])
        parts.append(Text(led.format(names=names, admin=_person(admin))))
    parts.append(
        Note(
            _("Joining is up to you, and shows first what is kept. {leave} ends it at any time.").format(
                leave=command("leave")
            )
        )
    )
    return Message(
        tuple(parts),
        title=_("Welcome to {name}").format(name=cut(community, 80)),
        actions=(Button(_("Join"), signals.JOIN, style="primary"),),
    )


def you_facilitate(community: str, admin: Person | None) -> Message:
    """The direct message to each facilitator. `admin` is None once whoever named them has left."""
    if admin:
        text = _("{admin} named you a facilitator of **{name}**.").format(
            admin=mention(people.key(admin), admin.name), name=esc(community)
        )
    else:
        text = _("You’re a facilitator of **{name}**.").format(name=esc(community))
    return Message(
        (
            Text(text),
            Text(
                _(
                    "- {preview} shows what I post next week, and lets you skip it\n"
                    "- {checkin} and {prompt} ask something now\n"
                    "- {meeting} adds a meeting, or moves one\n"
                    "- {help} lists the rest"
                ).format(
                    preview=command("preview", "facilitator"),
                    checkin=command("checkin open", "facilitator"),
                    prompt=command("prompt now", "facilitator"),
                    meeting=command("meeting schedule", "facilitator"),
                    help=command("help"),
                )
            ),
            Note(_("You see answers meant for facilitators. If you would rather not do this, tell the admin.")),
        ),
        actions=(Button(_("Join"), signals.JOIN, style="primary"),),
    )


def not_posted(community: str, why: str) -> Message:
    """Tell the admin that the welcome could not be delivered."""
    return card(
        _(
            "I could not post the welcome of **{name}** in its channel: {why}. Let me into that channel and press "
            "Retry in {status}, or give the community another with {bind}."
        ).format(
            name=esc(community),
            why=esc(why),
            status=command("status", "admin"),
            bind=command("channel bind", "admin"),
        )
    )
