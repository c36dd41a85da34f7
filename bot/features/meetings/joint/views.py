"""Messages about joint meetings: the invitation, accepting it, and changes by the host."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.meeting_types import meeting_type
from bot.features.meetings.views import buttons, join, rows
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Facts, Message, Note, Text, card
from bot.ui.markup import command, cut, esc, moment
from storage.meetings.meetings import CANCELLED, Meeting


def not_shared(meeting: Meeting) -> str:
    return _("Only a joint event or a kick-off of your own is held with other communities. {kinds} changes it.").format(
        kinds=command("meeting kind", "facilitator")
    )


def nobody_to_invite() -> str:
    return _("There is no other community of this program that does not have it already; nothing has changed.")


def invited(names: Sequence[str]) -> Message:
    text = ngettext(
        "The facilitators of {names} are asked whether they hold it with you.",
        "The facilitators of {names} are asked whether they hold it with you.",
        len(names),
    ).format(names=esc(cut(", ".join(names), 300)))
    return card(text, _("Where they say yes, it follows every change you make."))


def invitation(meeting: Meeting, community: str) -> Message:
    """Invite the facilitators of a sibling community."""
    text = _("{community} holds **{title}**, {when}, and invites your community: {kind}.").format(
        community=esc(community),
        title=esc(meeting.title),
        when=moment(meeting.starts_at),
        kind=meeting_type(meeting.meeting_type).label,
    )
    note = Note(_("Nothing happens unless you say yes. Then it is among your meetings, and follows their changes."))
    return Message(
        (Text(text), note),
        actions=(Button(_("Put it among ours"), "kinds.accept", str(meeting.id)),),
        holds_until=meeting.starts_at,
    )


def invitation_over(meeting: Meeting, community: str, *, accepted: bool) -> Message:
    """What replaces `invitation` once it is accepted, or the meeting has begun or is not held together any more."""
    if accepted:
        text = _("**{title}**, {when}, held by {community}, is among your meetings.")
    else:
        text = _("{community} had invited your community to **{title}**, {when}. The invitation has ended.")
    text = text.format(community=esc(community), title=esc(meeting.title), when=moment(meeting.starts_at))
    return card(text)


def accepted(meeting: Meeting, community: str) -> Message:
    text = _("**{title}**, {when}, is among your meetings now, held with {community}.")
    return card(
        text.format(title=esc(meeting.title), when=moment(meeting.starts_at), community=esc(community)), replace=True
    )


def there_already() -> str:
    return _("It is among your meetings already; nothing has changed.")


def clash(other: Meeting) -> str:
    return _("{title} is at that time: {when}. Move it first, then press again.").format(
        title=esc(other.title), when=moment(other.starts_at)
    )


def adjusted_by_host(meeting: Meeting) -> Message:
    """Tell members of a guest community who come that the host has changed the place, link or length."""
    text = _("The hosts have changed the meeting **{title}**. This is how it is now:").format(title=esc(meeting.title))
    return Message(
        (Text(text), Facts(tuple(rows(meeting)))),
        actions=(*join(meeting), *buttons(meeting)),
        holds_until=meeting.starts_at,
    )


def changed_by_host(meeting: Meeting, was: datetime, *, again: bool) -> Message:
    """Announce in a guest community's channel what the host has changed. `again`: a cancelled meeting is restored."""
    if meeting.status == CANCELLED:
        text = _("The meeting **{title}**, {when}, is cancelled by those who hold it. {next} shows the next meeting.")
    elif again:
        text = _("The meeting **{title}**, {when}, takes place after all, say those who hold it.")
    else:
        text = _("The meeting **{title}** has been moved by those who hold it, from {was} to {when}.")
    text = text.format(title=esc(meeting.title), when=moment(meeting.starts_at), was=moment(was), next=command("next"))
    why = (Text(_("Why: {why}").format(why=esc(meeting.note))),) if meeting.note else ()
    return Message((Text(text), *why))
